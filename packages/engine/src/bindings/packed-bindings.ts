/** The leases themselves, packed: 152 octets each in pages outside of the heap, so that a million of them is no work for the garbage collector (docs/decisions/0086). */
import { DUID_OCTETS_MAX, readDuid, writeDuid, type Duid, type Ipv6Prefix } from '@tandem/protocol'
import { instant, type Instant } from '../time/instant.ts'
import type {
  Binding,
  BindingClient,
  BindingKey,
  BindingStatus,
  BindingTimes,
  IaType,
  LeaseKind,
  LifetimeRule,
} from './binding.ts'
import { Interned } from './interned.ts'
import { hashOfWords, type HashSeed } from './keyed-hash.ts'
import {
  CLIENT_WORDS,
  INLINE_DUID_OCTETS,
  LEASE_WORDS,
  octetsOf,
  readDuidOctets,
  readIaType,
  readKind,
  readPrefix,
  sameWords,
  writeIa,
  writeLease,
  writeLeaseOfKey,
} from './lease-words.ts'
import { LifetimeRules } from './lifetime-rules.ts'
import { OctetArena } from './octet-arena.ts'

const PAGE_BITS = 8
const PAGE_SLOTS = 1 << PAGE_BITS

/** Words of one binding, and where in them what stands; the times are doubles and stand behind. */
const STRIDE = 38
const CLIENT = LEASE_WORDS
const FLAGS = 12
const SUBNET = 13
/** One more than the number of the rule; zero: none. */
const RULE = 14
const T1 = 15
const T2 = 16
const PREFERRED = 17
const VALID = 18
const RELAY_DATA = 19
const FQDN = 20
/** Of a DUID that is too long to stand in the client's words, which have a hash and the beginning of it instead. */
const LONG_DUID = 21
const TIMES = 22

/** In the flags. */
const STATUS_MASK = 0b111
const OWED = 1 << 3
const UPDATE_SENT = 1 << 4
/** One more than the number of the relationship; zero: none. */
const RELATIONSHIP_SHIFT = 8

const statuses: readonly BindingStatus[] = [
  'FREE',
  'ACTIVE',
  'EXPIRED',
  'RELEASED',
  'FREE-BACKUP',
  'ABANDONED',
  'RESET',
]

const NO_WORDS = new Uint32Array(0)
const NO_TIMES = new Float64Array(0)

export class PackedBindings {
  readonly #words: Uint32Array[] = []
  readonly #times: Float64Array[] = []
  readonly #octets = new OctetArena()
  readonly #subnets = new Interned<string>()
  readonly #relationships = new Interned<string>()
  readonly #rules = new Interned<LifetimeRule>()
  readonly #sharedRules = new LifetimeRules()
  readonly #seed: HashSeed
  #size = 0

  /** What is sought, or about to be written. */
  readonly #lease = new Uint32Array(LEASE_WORDS)
  readonly #client = new Uint32Array(CLIENT_WORDS)
  readonly #duidWords = new Uint32Array(Math.ceil(DUID_OCTETS_MAX / 4))
  readonly #duidOctets = new Uint8Array(this.#duidWords.buffer)
  /** A DUID that is read, as words and as octets. */
  readonly #readWords = new Uint32Array(INLINE_DUID_OCTETS / 4)
  readonly #readOctets = new Uint8Array(this.#readWords.buffer)

  constructor(seed: HashSeed) {
    this.#seed = seed
  }

  /** Slots are numbered from zero in the order in which they were first written, and none is ever given back. */
  get size(): number {
    return this.#size
  }

  /** The hash of a lease, which is then the one that is sought. */
  seek(kind: LeaseKind, prefix: Ipv6Prefix): number {
    writeLease(kind, prefix, this.#lease, 0)
    return hashOfWords(this.#lease, 0, LEASE_WORDS, this.#seed)
  }

  seekKey(key: BindingKey): number {
    writeLeaseOfKey(key, this.#lease, 0)
    return hashOfWords(this.#lease, 0, LEASE_WORDS, this.#seed)
  }

  isSought(slot: number): boolean {
    return sameWords(this.#wordsOf(slot), placeIn(slot), this.#lease, 0, LEASE_WORDS)
  }

  /** The hash of a client's IA, which is then the one that is sought. */
  seekClient(duid: Duid, iaType: IaType, iaid: number): number {
    const octets = octetsOf(duid)
    const words = this.#duidWords
    words.fill(0)
    writeDuid(duid, this.#duidOctets, 0)
    writeIa(iaType, uint32(iaid), octets, this.#client, 0)
    const isLong = octets > INLINE_DUID_OCTETS
    if (isLong) this.#client[0] = hashOfWords(words, 0, words.length, this.#seed)
    for (let word = isLong ? 1 : 0; word < 5; word += 1) this.#client[word] = words[isLong ? word - 1 : word] ?? 0
    return hashOfWords(this.#client, 0, CLIENT_WORDS, this.#seed)
  }

  isOfSoughtClient(slot: number): boolean {
    const words = this.#wordsOf(slot)
    const at = placeIn(slot)
    if (!sameWords(words, at + CLIENT, this.#client, 0, CLIENT_WORDS)) return false
    const octets = readDuidOctets(words, at + CLIENT)
    return (
      octets <= INLINE_DUID_OCTETS ||
      this.#octets.isEqual(words[at + LONG_DUID] ?? 0, this.#duidOctets.subarray(0, octets))
    )
  }

  /** Of a slot that has a client. */
  hashOfClient(slot: number): number {
    return hashOfWords(this.#wordsOf(slot), placeIn(slot) + CLIENT, CLIENT_WORDS, this.#seed)
  }

  hasClient(slot: number): boolean {
    return (this.#wordsOf(slot)[placeIn(slot) + CLIENT + CLIENT_WORDS - 1] ?? 0) !== 0
  }

  statusOf(slot: number): BindingStatus {
    return statusOfFlags(this.#flagsOf(slot))
  }

  kindOf(slot: number): LeaseKind {
    return readKind(this.#wordsOf(slot), placeIn(slot))
  }

  prefixOf(slot: number): Ipv6Prefix {
    return readPrefix(this.#wordsOf(slot), placeIn(slot))
  }

  relationshipOf(slot: number): string | undefined {
    return this.#relationships.valueOf((this.#flagsOf(slot) >>> RELATIONSHIP_SHIFT) - 1)
  }

  /** Undefined: the lease is owed to nobody. */
  owedTo(slot: number): string | undefined {
    return (this.#flagsOf(slot) & OWED) === 0 ? undefined : this.relationshipOf(slot)
  }

  timesOf(slot: number): BindingTimes {
    const times = this.#timesOf(slot)
    const at = timesIn(slot)
    return {
      status: this.statusOf(slot),
      statusExpiresAt: timeAt(times, at + 1),
      clientHeardAt: timeAt(times, at + 3),
      partnerHeardClientAt: timeAt(times, at + 4),
      expirationTime: timeAt(times, at + 5),
    }
  }

  /** A new slot for the lease that was sought last; `write` has to follow. */
  add(): number {
    const slot = this.#size
    this.#size += 1
    if (slot >>> PAGE_BITS === this.#words.length) {
      const page = new ArrayBuffer(PAGE_SLOTS * STRIDE * 4)
      this.#words.push(new Uint32Array(page))
      this.#times.push(new Float64Array(page))
    }
    this.#wordsOf(slot).set(this.#lease, placeIn(slot))
    return slot
  }

  /** All but the lease and its client. Throws RangeError for seconds that no message could hold. */
  write(slot: number, binding: Binding): void {
    const words = this.#wordsOf(slot)
    const at = placeIn(slot)
    const { relationship, lifetimeRule } = binding
    const relationshipNumber = relationship === undefined ? 0 : this.#relationships.numberOf(relationship) + 1
    words[at + FLAGS] =
      statuses.indexOf(binding.status) |
      (binding.owedToPartner ? OWED : 0) |
      (binding.updateSent ? UPDATE_SENT : 0) |
      (relationshipNumber << RELATIONSHIP_SHIFT)
    words[at + SUBNET] = this.#subnets.numberOf(binding.subnetId)
    words[at + RULE] = lifetimeRule === undefined ? 0 : this.#rules.numberOf(this.#sharedRules.of(lifetimeRule)) + 1
    words[at + T1] = uint32(binding.t1Seconds)
    words[at + T2] = uint32(binding.t2Seconds)
    words[at + PREFERRED] = uint32(binding.preferredSeconds)
    words[at + VALID] = uint32(binding.validSeconds)
    words[at + RELAY_DATA] = this.#octets.put(words[at + RELAY_DATA] ?? 0, binding.relayData)
    words[at + FQDN] = this.#octets.put(words[at + FQDN] ?? 0, binding.clientFqdn)
    this.#writeTimes(slot, binding)
  }

  /** The client that was sought last; undefined: nobody. */
  writeClient(slot: number, client: BindingClient | undefined): void {
    const words = this.#wordsOf(slot)
    const at = placeIn(slot)
    if (client === undefined) words.fill(0, at + CLIENT, at + CLIENT + CLIENT_WORDS)
    else words.set(this.#client, at + CLIENT)
    const octets = readDuidOctets(words, at + CLIENT)
    const long = octets > INLINE_DUID_OCTETS ? this.#duidOctets.subarray(0, octets) : undefined
    words[at + LONG_DUID] = this.#octets.put(words[at + LONG_DUID] ?? 0, long)
  }

  read(slot: number): Binding {
    const words = this.#wordsOf(slot)
    const at = placeIn(slot)
    const times = this.#timesOf(slot)
    const timesFrom = timesIn(slot)
    const flags = words[at + FLAGS] ?? 0
    return {
      kind: readKind(words, at),
      prefix: readPrefix(words, at),
      subnetId: this.#subnets.valueOf(words[at + SUBNET] ?? 0) ?? '',
      relationship: this.#relationships.valueOf((flags >>> RELATIONSHIP_SHIFT) - 1),
      status: statusOfFlags(flags),
      client: this.#readClient(words, at),
      statusSince: instant(times[timesFrom] ?? 0),
      statusExpiresAt: timeAt(times, timesFrom + 1),
      t1Seconds: words[at + T1] ?? 0,
      t2Seconds: words[at + T2] ?? 0,
      preferredSeconds: words[at + PREFERRED] ?? 0,
      validSeconds: words[at + VALID] ?? 0,
      lifetimeRule: this.#rules.valueOf((words[at + RULE] ?? 0) - 1),
      lifetimeAcked: timeAt(times, timesFrom + 2),
      clientHeardAt: timeAt(times, timesFrom + 3),
      partnerHeardClientAt: timeAt(times, timesFrom + 4),
      expirationTime: timeAt(times, timesFrom + 5),
      ackedPartnerLifetime: timeAt(times, timesFrom + 6),
      partnerLifetime: timeAt(times, timesFrom + 7),
      owedToPartner: (flags & OWED) !== 0,
      updateSent: (flags & UPDATE_SENT) !== 0,
      relayData: this.#octets.get(words[at + RELAY_DATA] ?? 0),
      clientFqdn: this.#octets.get(words[at + FQDN] ?? 0),
    }
  }

  #readClient(words: Uint32Array, at: number): BindingClient | undefined {
    const iaType = readIaType(words, at + CLIENT)
    if (iaType === undefined) return undefined
    const octets = readDuidOctets(words, at + CLIENT)
    const iaid = words[at + CLIENT + 5] ?? 0
    if (octets > INLINE_DUID_OCTETS) {
      const long = this.#octets.get(words[at + LONG_DUID] ?? 0) ?? new Uint8Array(0)
      return { duid: readDuid(long, 0, octets), iaType, iaid }
    }
    for (let word = 0; word < 5; word += 1) this.#readWords[word] = words[at + CLIENT + word] ?? 0
    return { duid: readDuid(this.#readOctets, 0, octets), iaType, iaid }
  }

  #writeTimes(slot: number, binding: Binding): void {
    const times = this.#timesOf(slot)
    const at = timesIn(slot)
    times[at] = binding.statusSince
    times[at + 1] = binding.statusExpiresAt ?? NaN
    times[at + 2] = binding.lifetimeAcked ?? NaN
    times[at + 3] = binding.clientHeardAt ?? NaN
    times[at + 4] = binding.partnerHeardClientAt ?? NaN
    times[at + 5] = binding.expirationTime ?? NaN
    times[at + 6] = binding.ackedPartnerLifetime ?? NaN
    times[at + 7] = binding.partnerLifetime ?? NaN
  }

  #flagsOf(slot: number): number {
    return this.#wordsOf(slot)[placeIn(slot) + FLAGS] ?? 0
  }

  #wordsOf(slot: number): Uint32Array {
    return this.#words[slot >>> PAGE_BITS] ?? NO_WORDS
  }

  #timesOf(slot: number): Float64Array {
    return this.#times[slot >>> PAGE_BITS] ?? NO_TIMES
  }
}

function placeIn(slot: number): number {
  return (slot & (PAGE_SLOTS - 1)) * STRIDE
}

function timesIn(slot: number): number {
  return (placeIn(slot) + TIMES) / 2
}

function statusOfFlags(flags: number): BindingStatus {
  return statuses[flags & STATUS_MASK] ?? 'FREE'
}

/** Not a number where there is none. */
function timeAt(times: Float64Array, at: number): Instant | undefined {
  const time = times[at] ?? NaN
  return Number.isNaN(time) ? undefined : instant(time)
}

function uint32(value: number): number {
  if (value >>> 0 !== value) throw new RangeError(`${value} is not a number of 32 bits, as seconds and an IAID are`)
  return value
}
