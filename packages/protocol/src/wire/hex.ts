/** Hexadecimal text of octets, by lookup tables: DUIDs are map keys and pass here for every packet. */

const HEX_OF_OCTET: readonly string[] = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'))

const NOT_A_DIGIT = 0xff
const DIGIT_OF_CHAR_CODE = new Uint8Array(128).fill(NOT_A_DIGIT)
for (let digit = 0; digit < 16; digit += 1) {
  const text = digit.toString(16)
  DIGIT_OF_CHAR_CODE[text.charCodeAt(0)] = digit
  DIGIT_OF_CHAR_CODE[text.toUpperCase().charCodeAt(0)] = digit
}

function digitAt(text: string, at: number): number {
  return DIGIT_OF_CHAR_CODE[text.charCodeAt(at)] ?? NOT_A_DIGIT
}

export function hexOfOctet(octet: number): string {
  return HEX_OF_OCTET[octet & 0xff] ?? ''
}

export function hexOf(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  let text = ''
  for (let at = start; at < end; at += 1) text += HEX_OF_OCTET[bytes[at] ?? 0] ?? ''
  return text
}

export function isHex(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    if (digitAt(text, at) === NOT_A_DIGIT) return false
  }
  return true
}

/** Expects an even number of hexadecimal digits. */
export function writeHex(hex: string, into: Uint8Array, start: number): void {
  for (let at = 0; at + 1 < hex.length; at += 2) {
    into[start + (at >>> 1)] = (digitAt(hex, at) << 4) | digitAt(hex, at + 1)
  }
}

export function bytesFromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length >>> 1)
  writeHex(hex, bytes, 0)
  return bytes
}
