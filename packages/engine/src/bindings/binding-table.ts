/** The table of leases and its indexes: by lease, by client, by expiry, by what the partner is owed. */
import type { Duid, Ipv6Prefix } from '@tandem/protocol'
import { latest, type Instant } from '../time/instant.ts'
import {
  bindingKey,
  type Binding,
  type BindingClient,
  type BindingKey,
  type BindingStatus,
  type BindingTimes,
  type IaType,
  type LeaseKind,
} from './binding.ts'
import { ClientIndex } from './client-index.ts'
import { ExpiryQueue } from './expiry-queue.ts'
import { FIXED_SEED, type HashSeed } from './keyed-hash.ts'
import { OwedLists } from './owed-lists.ts'
import { PackedBindings } from './packed-bindings.ts'
import { RecentBindings } from './recent-bindings.ts'
import { NO_SLOT, SlotHash } from './slot-hash.ts'

/**
 * Told of every change, after it: pools keep their counts this way. `before`: the status until then, if there was a record.
 * `slot`: by which the table knows the lease, for good.
 */
export type BindingObserver = (before: BindingStatus | undefined, after: Binding, slot: number) => void

/**
 * Bindings are stored packed and indexed by the number of their slot (docs/decisions/0086). Whoever asks gets a record made
 * for him: compare fields, never objects.
 */
export class BindingTable {
  readonly #bindings: PackedBindings
  readonly #byLease = new SlotHash()
  readonly #byClient: ClientIndex
  readonly #owed = new OwedLists()
  readonly #expiry = new ExpiryQueue()
  readonly #recent = new RecentBindings()
  readonly #observers: { readonly of: LeaseKind | 'any'; readonly observer: BindingObserver }[] = []
  readonly #expiresAt: (binding: BindingTimes) => Instant | undefined

  /**
   * `expiresAt`: when this server has to look at the lease again; undefined: never by itself. `seed`: by chance, where clients
   * may choose what stands in the table.
   */
  constructor(expiresAt: (binding: BindingTimes) => Instant | undefined, seed: HashSeed = FIXED_SEED) {
    this.#expiresAt = expiresAt
    this.#bindings = new PackedBindings(seed)
    this.#byClient = new ClientIndex(this.#bindings)
  }

  /** Told at once of all that there are. */
  observe(of: LeaseKind | 'any', observer: BindingObserver): void {
    this.#observers.push({ of, observer })
    for (let slot = 0; slot < this.#bindings.size; slot += 1) {
      if (of === 'any' || this.#bindings.kindOf(slot) === of) observer(undefined, this.#bindings.read(slot), slot)
    }
  }

  get size(): number {
    return this.#bindings.size
  }

  get(key: BindingKey): Binding | undefined {
    return this.#readIfAny(this.#find(this.#bindings.seekKey(key)))
  }

  /** As `get`, for whoever has no key. */
  find(kind: LeaseKind, prefix: Ipv6Prefix): Binding | undefined {
    return this.#readIfAny(this.#find(this.#bindings.seek(kind, prefix)))
  }

  /** Undefined: it has no record. */
  statusOf(kind: LeaseKind, prefix: Ipv6Prefix): BindingStatus | undefined {
    const slot = this.#find(this.#bindings.seek(kind, prefix))
    return slot === NO_SLOT ? undefined : this.#bindings.statusOf(slot)
  }

  /** Undefined: it has no record. */
  slotOf(key: BindingKey): number | undefined {
    const slot = this.#find(this.#bindings.seekKey(key))
    return slot === NO_SLOT ? undefined : slot
  }

  /** Of a slot of this table, as everything that follows. */
  at(slot: number): Binding {
    return this.#read(slot)
  }

  keyAt(slot: number): BindingKey {
    return bindingKey(this.#bindings.kindOf(slot), this.#bindings.prefixOf(slot))
  }

  kindAt(slot: number): LeaseKind {
    return this.#bindings.kindOf(slot)
  }

  hasClientAt(slot: number): boolean {
    return this.#bindings.hasClient(slot)
  }

  relationshipAt(slot: number): string | undefined {
    return this.#bindings.relationshipOf(slot)
  }

  prefixAt(slot: number): Ipv6Prefix {
    return this.#bindings.prefixOf(slot)
  }

  timesAt(slot: number): BindingTimes {
    return this.#bindings.timesOf(slot)
  }

  statusAt(slot: number): BindingStatus {
    return this.#bindings.statusOf(slot)
  }

  put(binding: Binding): void {
    const hash = this.#bindings.seek(binding.kind, binding.prefix)
    const known = this.#find(hash)
    const before = known === NO_SLOT ? undefined : this.#bindings.statusOf(known)
    const slot = known === NO_SLOT ? this.#bindings.add() : known
    if (known === NO_SLOT) this.#byLease.add(slot, hash)
    const owedBefore = this.#bindings.owedTo(slot)
    this.#putClient(slot, binding.client)
    this.#bindings.write(slot, binding)
    this.#recent.put(slot, binding)
    this.#indexOwed(slot, owedBefore, binding)
    this.#expiry.set(slot, this.#expiresAt(binding))
    for (const { of, observer } of this.#observers)
      if (of === 'any' || of === binding.kind) observer(before, binding, slot)
  }

  /** Ask again when the lease is due; called when a state change moved the answer. */
  reschedule(binding: Binding): void {
    this.#expiry.set(this.#slotIn(binding), this.#expiresAt(binding))
  }

  /** Look at it again at `at`, whatever it says itself. */
  postpone(binding: Binding, at: Instant): void {
    this.#expiry.set(this.#slotIn(binding), at)
  }

  rescheduleAll(): void {
    for (let slot = 0; slot < this.#bindings.size; slot += 1) {
      this.#expiry.set(slot, this.#expiresAt(this.#bindings.timesOf(slot)))
    }
  }

  /** Leases last tied to this IA of this client, in any status. */
  ofClient(duid: Duid, iaType: IaType, iaid: number): readonly Binding[] {
    const found: Binding[] = []
    let slot = this.#byClient.first(this.#bindings.seekClient(duid, iaType, iaid))
    for (; slot !== NO_SLOT; slot = this.#byClient.next(slot)) found.push(this.#read(slot))
    return found
  }

  owedCount(relationship: string): number {
    return this.#owed.of(relationship).size
  }

  /** When the oldest of these changes was made, to the second; undefined: none is owed. */
  oldestOwedSince(relationship: string): Instant | undefined {
    return this.#owed.oldestSince(relationship)
  }

  /** Once all has been read back from a store. */
  sortOwed(): void {
    this.#owed.sort()
  }

  /** What the partner has still to be told, longest owed first. Has to be ended (`return`) by whoever does not walk to the end. */
  owedSlots(relationship: string): Generator<number> {
    return this.#owed.of(relationship).walk()
  }

  /** Of all leases, in the order of their first record. */
  *slots(): Generator<number> {
    for (let slot = 0; slot < this.#bindings.size; slot += 1) yield slot
  }

  *all(): Generator<Binding> {
    for (let slot = 0; slot < this.#bindings.size; slot += 1) yield this.#bindings.read(slot)
  }

  nextDue(): Instant | undefined {
    return this.#expiry.nextDue()
  }

  /** Takes at most `atMost` leases that are due; each must be changed or rescheduled by the caller. */
  takeDue(now: Instant, atMost: number): readonly Binding[] {
    return this.#expiry.takeDue(now, atMost).map((slot) => this.#read(slot))
  }

  #find(hash: number): number {
    let slot = this.#byLease.first(hash)
    while (slot !== NO_SLOT && !this.#bindings.isSought(slot)) slot = this.#byLease.next()
    return slot
  }

  #slotIn({ kind, prefix }: Binding): number {
    const slot = this.#find(this.#bindings.seek(kind, prefix))
    if (slot === NO_SLOT) throw new Error('a lease that is scheduled is in the table')
    return slot
  }

  #readIfAny(slot: number): Binding | undefined {
    return slot === NO_SLOT ? undefined : this.#read(slot)
  }

  #read(slot: number): Binding {
    const recent = this.#recent.get(slot)
    if (recent !== undefined) return recent
    const binding = this.#bindings.read(slot)
    this.#recent.put(slot, binding)
    return binding
  }

  #putClient(slot: number, client: BindingClient | undefined): void {
    const hadClient = this.#bindings.hasClient(slot)
    if (client === undefined) {
      if (!hadClient) return
      this.#byClient.delete(slot)
      this.#bindings.writeClient(slot, undefined)
      return
    }
    const hash = this.#bindings.seekClient(client.duid, client.iaType, client.iaid)
    if (hadClient && this.#bindings.isOfSoughtClient(slot)) return
    if (hadClient) this.#byClient.delete(slot)
    this.#bindings.writeClient(slot, client)
    this.#byClient.add(slot, hash)
  }

  #indexOwed(slot: number, before: string | undefined, binding: Binding): void {
    const after = binding.owedToPartner ? binding.relationship : undefined
    if (before === after) return
    if (before !== undefined) this.#owed.delete(before, slot)
    if (after !== undefined) this.#owed.add(after, slot, lastChange(binding))
  }
}

/** What made it owed, as far as the record tells. */
function lastChange({ statusSince, clientHeardAt, partnerHeardClientAt }: Binding): Instant {
  return latest(statusSince, clientHeardAt, partnerHeardClientAt)
}

export function sameClient(a: BindingClient, b: BindingClient): boolean {
  return a.duid === b.duid && a.iaType === b.iaType && a.iaid === b.iaid
}
