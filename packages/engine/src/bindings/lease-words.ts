/** A lease and a client as 32-bit words, as they stand in a packed binding; written into one scratch so that a look-up allocates nothing. */
import type { Duid, Ipv6Address, Ipv6Prefix } from '@tandem/protocol'
import type { BindingKey, IaType, LeaseKind } from './binding.ts'

/** Address, then kind and length. */
export const LEASE_WORDS = 5
/** DUID, IAID, then length of the DUID and IA type. */
export const CLIENT_WORDS = 7
/** Longer DUIDs stand elsewhere; of the usual types only DUID-EN can be. */
export const INLINE_DUID_OCTETS = 20

const iaTypes: readonly IaType[] = ['IA_NA', 'IA_TA', 'IA_PD']

/** Two halves of an address, on the same octets as four words. */
const halves = new BigUint64Array(2)
const addressWords = new Uint32Array(halves.buffer)

export function writeLease(kind: LeaseKind, prefix: Ipv6Prefix, into: Uint32Array, at: number): void {
  // Of the address it takes the lowest 64 bits.
  halves[0] = prefix.address
  halves[1] = prefix.address >> 64n
  writeAddressWords(into, at)
  into[at + 4] = leaseTag(kind, prefix.length)
}

/** The opposite of `bindingKey`. */
export function writeLeaseOfKey(key: BindingKey, into: Uint32Array, at: number): void {
  const slash = key.indexOf('/')
  addressWords.fill(0)
  let bit = 0
  for (let digit = slash - 1; digit > 0; digit -= 1) {
    const value = digitOf(key.charCodeAt(digit))
    const word = bit >>> 5
    const shift = bit & 31
    addressWords[word] = (addressWords[word] ?? 0) | (value << shift)
    if (shift > 27 && word < 3) addressWords[word + 1] = value >>> (32 - shift)
    bit += 5
  }
  writeAddressWords(into, at)
  into[at + 4] = leaseTag(key.startsWith('a') ? 'address' : 'prefix', Number(key.slice(slash + 1)))
}

export function readKind(words: Uint32Array, at: number): LeaseKind {
  return ((words[at + 4] ?? 0) & 1) === 0 ? 'address' : 'prefix'
}

export function readPrefix(words: Uint32Array, at: number): Ipv6Prefix {
  for (let word = 0; word < 4; word += 1) addressWords[word] = words[at + word] ?? 0
  const address = ((halves[1] ?? 0n) << 64n) | (halves[0] ?? 0n)
  // It was one when it was written.
  return { address: address as Ipv6Address, length: (words[at + 4] ?? 0) >>> 1 }
}

/** IAID and tag; the DUID is whoever calls to write. */
export function writeIa(iaType: IaType, iaid: number, duidOctets: number, into: Uint32Array, at: number): void {
  into[at + 5] = iaid
  into[at + 6] = clientTag(duidOctets, iaType)
}

/** Undefined: the lease is tied to nobody. */
export function readIaType(words: Uint32Array, at: number): IaType | undefined {
  return iaTypes[((words[at + 6] ?? 0) & 3) - 1]
}

export function readDuidOctets(words: Uint32Array, at: number): number {
  return (words[at + 6] ?? 0) >>> 2
}

export function octetsOf(duid: Duid): number {
  return duid.length >>> 1
}

export function sameWords(a: Uint32Array, at: number, b: Uint32Array, bAt: number, count: number): boolean {
  for (let word = 0; word < count; word += 1) if (a[at + word] !== b[bAt + word]) return false
  return true
}

function writeAddressWords(into: Uint32Array, at: number): void {
  for (let word = 0; word < 4; word += 1) into[at + word] = addressWords[word] ?? 0
}

function leaseTag(kind: LeaseKind, length: number): number {
  return (length << 1) | (kind === 'address' ? 0 : 1)
}

/** Never zero, which means nobody. */
function clientTag(duidOctets: number, iaType: IaType): number {
  return (duidOctets << 2) | (iaTypes.indexOf(iaType) + 1)
}

/** Base 32 with the digits 0 to 9 and a to v. */
function digitOf(code: number): number {
  return code < 58 ? code - 48 : code - 87
}
