/** DHCP unique identifiers (RFC 9915 §11, RFC 6355), kept as lower-case hexadecimal text: printable and usable as a map key. */
import { bytesFromHex, hexOf, hexOfOctet, isHex, writeHex } from '../wire/hex.ts'

declare const duidBrand: unique symbol

export type Duid = string & { readonly [duidBrand]: true }

export const DuidType = { Llt: 1, En: 2, Ll: 3, Uuid: 4 } as const

/** Type code and 1 to 128 octets (RFC 9915 §11.1). */
export const DUID_OCTETS_MIN = 3
export const DUID_OCTETS_MAX = 130

export function isDuidLength(octets: number): boolean {
  return octets >= DUID_OCTETS_MIN && octets <= DUID_OCTETS_MAX
}

/** Expects lower-case hexadecimal digits, as `hexOf` gives them. */
export function duidFromHex(hex: string): Duid {
  if (hex.length % 2 !== 0 || !isDuidLength(hex.length / 2) || !isHex(hex)) {
    throw new RangeError(`${hex} is not a DUID of ${DUID_OCTETS_MIN} to ${DUID_OCTETS_MAX} octets`)
  }
  // The brand says no more than what the lines above have checked.
  return hex as Duid
}

export function duidFromBytes(bytes: Uint8Array): Duid {
  return duidFromHex(hexOf(bytes))
}

export function duidToBytes(duid: Duid): Uint8Array {
  return bytesFromHex(duid)
}

/** As many octets as half the digits, from `start` on. */
export function writeDuid(duid: Duid, into: Uint8Array, start: number): void {
  writeHex(duid, into, start)
}

/** Of what `writeDuid` has written: nothing is checked. */
export function readDuid(bytes: Uint8Array, start: number, end: number): Duid {
  return hexOf(bytes, start, end) as Duid
}

/** Takes pairs of digits with colons or dashes between them, or digits alone. */
export function parseDuid(text: string): Duid | undefined {
  const trimmed = text.trim()
  const separated = /^[0-9a-f]{2}(?:[:-][0-9a-f]{2})+$/iu.test(trimmed)
  const hex = (separated ? trimmed.replace(/[:-]/gu, '') : trimmed).toLowerCase()
  if (!isHex(hex) || hex.length % 2 !== 0 || !isDuidLength(hex.length / 2)) return undefined
  return duidFromHex(hex)
}

export function formatDuid(duid: Duid): string {
  return formatOctets(duidToBytes(duid))
}

/** Colon-separated pairs, as link-layer addresses and DUIDs are written. */
export function formatOctets(bytes: Uint8Array): string {
  return Array.from(bytes, hexOfOctet).join(':')
}

export function duidType(duid: Duid): number {
  return Number.parseInt(duid.slice(0, 4), 16)
}

export function makeDuidEn(enterprise: number, identifier: Uint8Array): Duid {
  return duidFromHex(`${hexOfUint16(DuidType.En)}${hexOfUint32(enterprise)}${hexOf(identifier)}`)
}

export function makeDuidLl(hardwareType: number, linkLayerAddress: Uint8Array): Duid {
  return duidFromHex(`${hexOfUint16(DuidType.Ll)}${hexOfUint16(hardwareType)}${hexOf(linkLayerAddress)}`)
}

/** `timeSeconds` counts from 2000-01-01T00:00:00Z modulo 2^32, as every DHCP time does. */
export function makeDuidLlt(hardwareType: number, timeSeconds: number, linkLayerAddress: Uint8Array): Duid {
  const time = hexOfUint32(timeSeconds)
  return duidFromHex(`${hexOfUint16(DuidType.Llt)}${hexOfUint16(hardwareType)}${time}${hexOf(linkLayerAddress)}`)
}

export function makeDuidUuid(uuid: Uint8Array): Duid {
  if (uuid.length !== 16) throw new RangeError(`a UUID has 16 octets, not ${uuid.length}`)
  return duidFromHex(`${hexOfUint16(DuidType.Uuid)}${hexOf(uuid)}`)
}

function hexOfUint16(value: number): string {
  return (value & 0xffff).toString(16).padStart(4, '0')
}

function hexOfUint32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0')
}
