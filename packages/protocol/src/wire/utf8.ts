/** UTF-8 (RFC 3629) coding of our own: TextEncoder is no part of the language, and this package has only the language. */

const REPLACEMENT = 0xfffd

export function encodeUtf8(text: string): Uint8Array {
  const octets: number[] = []
  for (const character of text) {
    const point = scalarOf(character.codePointAt(0) ?? REPLACEMENT)
    if (point < 0x80) {
      octets.push(point)
    } else if (point < 0x800) {
      octets.push(0xc0 | (point >> 6), 0x80 | (point & 0x3f))
    } else if (point < 0x10000) {
      octets.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f))
    } else {
      octets.push(
        0xf0 | (point >> 18),
        0x80 | ((point >> 12) & 0x3f),
        0x80 | ((point >> 6) & 0x3f),
        0x80 | (point & 0x3f),
      )
    }
  }
  return Uint8Array.from(octets)
}

/** A lone surrogate has no UTF-8 form. */
function scalarOf(point: number): number {
  return point >= 0xd800 && point <= 0xdfff ? REPLACEMENT : point
}

export interface DecodedText {
  readonly text: string
  /** False where octets had to be shown as U+FFFD. */
  readonly wellFormed: boolean
}

export function decodeUtf8(bytes: Uint8Array): DecodedText {
  let text = ''
  let wellFormed = true
  let at = 0
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at)
    if (length === 0) {
      text += String.fromCodePoint(REPLACEMENT)
      wellFormed = false
      at += 1
    } else {
      text += String.fromCodePoint(codePoint(bytes, at, length))
      at += length
    }
  }
  return { text, wellFormed }
}

const LEAST_POINT_OF_LENGTH: readonly number[] = [0, 0, 0x80, 0x800, 0x10000]

/** Octets of the well-formed sequence that starts here; 0 if there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0
  if (lead < 0x80) return 1
  const length = lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0
  if (length === 0 || at + length > bytes.length) return 0
  for (let next = at + 1; next < at + length; next += 1) {
    if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0
  }
  const point = codePoint(bytes, at, length)
  const least = LEAST_POINT_OF_LENGTH[length] ?? 0
  const legal = point >= least && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)
  return legal ? length : 0
}

function codePoint(bytes: Uint8Array, at: number, length: number): number {
  const lead = bytes[at] ?? 0
  if (length === 1) return lead
  let point = lead & (0x7f >> length)
  for (let next = at + 1; next < at + length; next += 1) point = (point << 6) | ((bytes[next] ?? 0) & 0x3f)
  return point
}
