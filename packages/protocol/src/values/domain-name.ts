/**
 * Domain names: RFC 1035 §3.1 labels on the wire, never compressed (RFC 9915 §10), presentation text inside.
 * Octets that text cannot show are written as \DDD, a dot or backslash in a label as \. and \\ (RFC 1035 §5.1).
 */
import type { ByteReader } from '../wire/byte-reader.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'

const LABEL_OCTETS_MAX = 63
const NAME_OCTETS_MAX = 255

export interface WireName {
  /** Without a final dot; '.' is the root and '' a name without labels. */
  readonly name: string
  /** Whether the zero-length label closed it; a partial name (RFC 4704 §4.2) has none. */
  readonly fullyQualified: boolean
}

/** Reads labels up to the zero-length label, or to the end of the area where there is none. */
export function readWireName(reader: ByteReader): WireName {
  const start = reader.offset
  let name = ''
  let octets = 0
  while (reader.remaining > 0) {
    const length = reader.uint8()
    if (length === 0) return { name: name === '' ? '.' : name, fullyQualified: true }
    if (length > LABEL_OCTETS_MAX) reader.fail('invalid-domain-name', `a label of ${length} octets`, reader.offset - 1)
    octets += length + 1
    if (octets >= NAME_OCTETS_MAX) reader.fail('invalid-domain-name', 'a name of more than 255 octets', start)
    const label = labelToText(reader.take(length))
    name = name === '' ? label : `${name}.${label}`
  }
  return { name, fullyQualified: false }
}

/** As above, but the zero-length label must be there. */
export function readDomainName(reader: ByteReader): string {
  const { name, fullyQualified } = readWireName(reader)
  if (!fullyQualified) reader.fail('invalid-domain-name', 'the name does not end')
  return name
}

export function writeWireName(writer: ByteWriter, { name, fullyQualified }: WireName): void {
  for (const label of labelsOf(name)) {
    writer.uint8(label.length)
    writer.put(label)
  }
  if (fullyQualified) writer.uint8(0)
}

export function writeDomainName(writer: ByteWriter, name: string): void {
  writeWireName(writer, { name, fullyQualified: true })
}

/** Whether text can be written as a domain name; a final dot is allowed. */
export function isDomainName(text: string): boolean {
  return text !== '' && splitLabels(text) !== undefined
}

function labelsOf(name: string): readonly Uint8Array[] {
  const labels = splitLabels(name)
  if (labels === undefined) throw new RangeError(`"${name}" is not a domain name`)
  return labels
}

function splitLabels(name: string): readonly Uint8Array[] | undefined {
  if (name === '' || name === '.') return []
  const labels: Uint8Array[] = []
  let octets: number[] = []
  for (let at = 0; at < name.length;) {
    if (name[at] === '.') {
      labels.push(Uint8Array.from(octets))
      octets = []
      at += 1
      continue
    }
    const { octet, length } = octetAt(name, at)
    if (octet === undefined) return undefined
    octets.push(octet)
    at += length
  }
  if (!name.endsWith('.') || octets.length > 0) labels.push(Uint8Array.from(octets))
  const total = labels.reduce((sum, label) => sum + label.length + 1, 1)
  const lengthsFit = labels.every((label) => label.length > 0 && label.length <= LABEL_OCTETS_MAX)
  return lengthsFit && total <= NAME_OCTETS_MAX ? labels : undefined
}

function octetAt(name: string, at: number): { readonly octet: number | undefined; readonly length: number } {
  if (name[at] !== '\\') {
    const code = name.charCodeAt(at)
    return { octet: code < 0x80 ? code : undefined, length: 1 }
  }
  const digits = name.slice(at + 1, at + 4)
  if (/^[0-9]{3}$/u.test(digits)) {
    return { octet: Number(digits) <= 255 ? Number(digits) : undefined, length: 4 }
  }
  const escaped = name.charCodeAt(at + 1)
  return { octet: escaped < 0x80 ? escaped : undefined, length: 2 }
}

const DOT = 0x2e
const BACKSLASH = 0x5c

function labelToText(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) {
    if (octet === DOT || octet === BACKSLASH) text += `\\${String.fromCharCode(octet)}`
    else if (octet > 0x20 && octet < 0x7f) text += String.fromCharCode(octet)
    else text += `\\${octet.toString().padStart(3, '0')}`
  }
  return text
}
