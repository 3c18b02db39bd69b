/** What two servers of this make tell each other in CONNECT and CONNECTREPLY beyond RFC 8156: OPTION_VENDOR_OPTS (RFC 9915 section 21.17, docs/decisions/0076). */
import { findOptions, option, vendorOptsOption, type OptionInstance, type Options } from '@tandem/protocol'

/** The number that RFC 5612 sets aside for documentation and examples: we have none of our own. */
export const EXTENSIONS_ENTERPRISE_NUMBER = 32_473

/** Sub-options: code and length in two octets each, as vendor options are. */
const ExtensionCode = { Reservations: 1 } as const
const HEADER_OCTETS = 4

export interface Extensions {
  /** Digest of the reservations of the relationship; undefined: none, or not to be relied upon. */
  readonly reservations: string | undefined
}

/** Nothing at all for a server that has nothing to announce. */
export function extensionOptions(own: Extensions): readonly OptionInstance[] {
  if (own.reservations === undefined) return []
  const options = encodeSubOption(ExtensionCode.Reservations, own.reservations)
  return [option(vendorOptsOption, { enterprise: EXTENSIONS_ENTERPRISE_NUMBER, options })]
}

/** Of another make, or unreadable: the partner announces nothing. */
export function readExtensions(message: Options): Extensions {
  const ours = findOptions(message, vendorOptsOption).find(
    ({ enterprise }) => enterprise === EXTENSIONS_ENTERPRISE_NUMBER,
  )
  const found = ours === undefined ? undefined : decodeSubOptions(ours.options)
  return { reservations: found?.get(ExtensionCode.Reservations) }
}

function encodeSubOption(code: number, text: string): Uint8Array {
  const octets = Array.from(text, (letter) => letter.charCodeAt(0))
  return new Uint8Array([code >>> 8, code & 0xff, octets.length >>> 8, octets.length & 0xff, ...octets])
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
