/** IPv6 addresses as 128-bit numbers; text by RFC 4291 §2.2 on the way in and RFC 5952 on the way out. */

import { setUint128 } from '../wire/uint128.ts'

declare const ipv6AddressBrand: unique symbol

export type Ipv6Address = bigint & { readonly [ipv6AddressBrand]: true }

const ADDRESS_MAX = (1n << 128n) - 1n
const GROUP_COUNT = 8
const MAPPED_IPV4_PREFIX = 0xffffn

export function ipv6AddressFromNumber(value: bigint): Ipv6Address {
  if (value < 0n || value > ADDRESS_MAX) throw new RangeError(`${value} is not a 128-bit number`)
  // The brand says no more than what the line above has checked.
  return value as Ipv6Address
}

export const UNSPECIFIED_ADDRESS: Ipv6Address = ipv6AddressFromNumber(0n)

export function ipv6AddressToBytes(address: Ipv6Address): Uint8Array {
  const view = new DataView(new ArrayBuffer(16))
  setUint128(view, 0, address)
  return new Uint8Array(view.buffer)
}

export function ipv6AddressFromBytes(bytes: Uint8Array): Ipv6Address {
  if (bytes.length !== 16) throw new RangeError(`an IPv6 address has 16 octets, not ${bytes.length}`)
  let value = 0n
  for (const octet of bytes) value = (value << 8n) | BigInt(octet)
  return ipv6AddressFromNumber(value)
}

export function parseIpv6Address(text: string): Ipv6Address | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = parseGroups(halves[0] ?? '', halves.length === 1)
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : []
  if (head === undefined || tail === undefined) return undefined
  const missing = GROUP_COUNT - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail]
  return ipv6AddressFromNumber(groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n))
}

/** The 16-bit groups of one side of "::"; a dotted IPv4 tail counts as two of them. */
function parseGroups(text: string, mayEndInIpv4: boolean): readonly number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (mayEndInIpv4 && index === parts.length - 1 && part.includes('.')) {
      const ipv4 = parseIpv4(part)
      if (ipv4 === undefined) return undefined
      groups.push(ipv4 >>> 16, ipv4 & 0xffff)
    } else if (/^[0-9a-f]{1,4}$/iu.test(part)) {
      groups.push(Number.parseInt(part, 16))
    } else {
      return undefined
    }
  }
  return groups
}

function parseIpv4(text: string): number | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let value = 0
  for (const part of parts) {
    if (!/^(?:0|[1-9][0-9]{0,2})$/u.test(part) || Number(part) > 255) return undefined
    value = value * 256 + Number(part)
  }
  return value >>> 0
}

const number128 = new DataView(new ArrayBuffer(16))

export function formatIpv6Address(address: Ipv6Address): string {
  if (address >> 32n === MAPPED_IPV4_PREFIX) return `::ffff:${formatIpv4(Number(address & 0xffffffffn))}`
  setUint128(number128, 0, address)
  const groups: number[] = []
  for (let at = 0; at < 16; at += 2) groups.push(number128.getUint16(at))
  const { start, length } = longestZeroRun(groups)
  if (length < 2) return hexGroups(groups, 0, GROUP_COUNT)
  return `${hexGroups(groups, 0, start)}::${hexGroups(groups, start + length, GROUP_COUNT)}`
}

function hexGroups(groups: readonly number[], from: number, to: number): string {
  let text = ''
  for (let at = from; at < to; at += 1) text += `${at === from ? '' : ':'}${(groups[at] ?? 0).toString(16)}`
  return text
}

function formatIpv4(value: number): string {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff].join('.')
}

/** RFC 5952 §4.2.3: the longest run is shortened, the first one among equals. */
function longestZeroRun(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 }
  let start = 0
  for (let at = 0; at <= groups.length; at += 1) {
    if (groups[at] === 0) continue
    if (at - start > best.length) best = { start, length: at - start }
    start = at + 1
  }
  return best
}
