/** What two servers of this make tell each other in CONNECT and CONNECTREPLY beyond RFC 8156: OPTION_VENDOR_OPTS (RFC 9915 section 21.17, docs/decisions/0076). */
import { findOptions, option, vendorOptsOption, type OptionInstance, type Options } from '@tandem/protocol'

/** The number that RFC 5612 sets aside for documentation and examples: we have none of our own. */
export const EXTENSIONS_ENTERPRISE_NUMBER = 32_473

/** Sub-options: code and length in two octets each, as vendor options are. */
const ExtensionCode = { Reservations: 1, SharedAddresses: 2, EarlierMclt: 3 } as const
/** Of the way in which addresses are told without a client (decision 0078). */
const SHARED_ADDRESSES_VERSION = '1'
const HEADER_OCTETS = 4

export interface Extensions {
  /** Digest of the reservations of the relationship; undefined: none, or not to be relied upon. */
  readonly reservations: string | undefined
  /** Digest of the address pools that are proportional; undefined: there are none. */
  readonly sharedAddresses: string | undefined
  /** A longer MCLT than the one agreed upon here, under which promises may still hold (decision 0024); undefined: none. */
  readonly earlierMcltSeconds: number | undefined
}

export const noExtensions: Extensions = {
  reservations: undefined,
  sharedAddresses: undefined,
  earlierMcltSeconds: undefined,
}

/** Nothing at all for a server that has nothing to announce. */
export function extensionOptions(own: Extensions): readonly OptionInstance[] {
  const subOptions: number[] = []
  if (own.reservations !== undefined) subOptions.push(...encodeSubOption(ExtensionCode.Reservations, own.reservations))
  if (own.sharedAddresses !== undefined) {
    subOptions.push(...encodeSubOption(ExtensionCode.SharedAddresses, SHARED_ADDRESSES_VERSION + own.sharedAddresses))
  }
  if (own.earlierMcltSeconds !== undefined) {
    subOptions.push(...encodeSubOption(ExtensionCode.EarlierMclt, String(own.earlierMcltSeconds)))
  }
  if (subOptions.length === 0) return []
  return [option(vendorOptsOption, { enterprise: EXTENSIONS_ENTERPRISE_NUMBER, options: new Uint8Array(subOptions) })]
}

/** Of another make, or unreadable: the partner announces nothing. */
export function readExtensions(message: Options): Extensions {
  const ours = findOptions(message, vendorOptsOption).find(
    ({ enterprise }) => enterprise === EXTENSIONS_ENTERPRISE_NUMBER,
  )
  const found = ours === undefined ? undefined : decodeSubOptions(ours.options)
  const shared = found?.get(ExtensionCode.SharedAddresses)
  const isKnown = shared?.startsWith(SHARED_ADDRESSES_VERSION) === true
  return {
    reservations: found?.get(ExtensionCode.Reservations),
    sharedAddresses: isKnown ? shared.slice(SHARED_ADDRESSES_VERSION.length) : undefined,
    earlierMcltSeconds: secondsFrom(found?.get(ExtensionCode.EarlierMclt)),
  }
}

/** What cannot work together at all: addresses that one server owns by status and the other one by half. */
export function differenceBetween(own: Extensions, partners: Extensions): string | undefined {
  if (own.sharedAddresses === partners.sharedAddresses) return undefined
  if (partners.sharedAddresses === undefined) return 'The partner has no proportional address pools; we have.'
  if (own.sharedAddresses === undefined) return 'The partner has proportional address pools; we have none.'
  return 'The two servers have different proportional address pools.'
}

/** No lifetime is longer than 32 bits can say; anything else announces nothing. */
function secondsFrom(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined
}

function encodeSubOption(code: number, text: string): readonly number[] {
  const octets = Array.from(text, (letter) => letter.charCodeAt(0))
  return [code >>> 8, code & 0xff, octets.length >>> 8, octets.length & 0xff, ...octets]
}

function decodeSubOptions(octets: Uint8Array): ReadonlyMap<number, string> | undefined {
  const found = new Map<number, string>()
  let at = 0
  while (at < octets.length) {
    const [code, length] = [uint16(octets, at), uint16(octets, at + 2)]
    const end = at + HEADER_OCTETS + (length ?? 0)
    if (code === undefined || length === undefined || end > octets.length) return undefined
    found.set(code, String.fromCharCode(...octets.subarray(at + HEADER_OCTETS, end)))
    at = end
  }
  return found
}

function uint16(octets: Uint8Array, at: number): number | undefined {
  const [high, low] = [octets[at], octets[at + 1]]
  return high === undefined || low === undefined ? undefined : (high << 8) | low
}
