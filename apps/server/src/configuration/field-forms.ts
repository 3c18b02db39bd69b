/** How single values are written in the configuration file: each form reads text, or says what is wrong and what to write. */
import {
  formatIpv6Prefix,
  ipv6AddressFromNumber,
  isDomainName,
  parseDuid,
  parseIpv6Address,
  parseIpv6Prefix,
  type Ipv6Address,
  type Ipv6Prefix,
} from '@tandem/protocol'
import { IPv6CidrRange, RangedSet } from 'ip-num'
import { isIPv4 } from 'node:net'
import { z } from 'zod'
import { DURATION_PATTERN, parseDurationSeconds } from './duration.ts'

/** `host` without brackets; may carry a zone. */
export interface SocketAddress {
  readonly host: string
  readonly port: number
}

export interface AddressRange {
  readonly text: string
  readonly first: Ipv6Address
  readonly last: Ipv6Address
}

interface TextForm<T> {
  readonly parse: (text: string) => T | undefined
  /** Completes "is not ...". */
  readonly expected: string
  readonly example: string
  readonly pattern?: string
}

/** A text field: its own words for the reader, its example for the editor. */
function textForm<T>({ parse, expected, example, pattern }: TextForm<T>) {
  return (description: string) =>
    z
      .string()
      .meta({ description, examples: [example], ...(pattern === undefined ? {} : { pattern }) })
      .transform((text, context): T => {
        const value = parse(text)
        if (value !== undefined) return value
        const remedy = `Write it like ${JSON.stringify(example)}.`
        context.issues.push({
          code: 'custom',
          input: text,
          message: `${JSON.stringify(text)} is not ${expected}`,
          params: { remedy },
        })
        return z.NEVER
      })
}

export const duration = textForm({
  parse: parseDurationSeconds,
  expected: 'a duration: a whole number with its unit s, m, h or d',
  example: '120s',
  pattern: DURATION_PATTERN,
})

/** A duration, or the word `off`. */
export const durationOrOff = textForm({
  parse: (text) => (text === 'off' ? ('off' as const) : parseDurationSeconds(text)),
  expected: 'a duration (a whole number with its unit s, m, h or d) nor the word off',
  example: '60s',
  pattern: `${DURATION_PATTERN}|^off$`,
})

export const ipv6Address = textForm({
  parse: parseIpv6Address,
  expected: 'an IPv6 address',
  example: '2001:db8::53',
})

export const ipv6Prefix = textForm<Ipv6Prefix>({
  parse: parseIpv6Prefix,
  expected: 'an IPv6 prefix whose bits beyond the length are zero',
  example: '2001:db8:1::/64',
})

export const addressRange = textForm({
  parse: parseAddressRange,
  expected: 'a range of IPv6 addresses (first-last, the first not above the last) nor a prefix',
  example: '2001:db8:1::1000-2001:db8:1::1fff',
})

export const duid = textForm({
  parse: parseDuid,
  expected: 'a DUID: 3 to 130 octets as pairs of hexadecimal digits, with colons, with hyphens or without',
  example: '00:03:00:01:02:00:5e:00:53:01',
})

export const domainName = textForm({
  parse: (text) => (isDomainName(text) ? text : undefined),
  expected: 'a domain name',
  example: 'example.com',
})

/** A name or an address by which a browser opens the console. */
export const hostName = textForm({
  parse: (text) =>
    /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9a-fA-F:.]{2,45})$/u.test(text) ? text : undefined,
  expected: 'a host name or an address without brackets',
  example: 'alpha.example.com',
})

/** Addresses that sockets take: the zone names the interface of a link-local one. */
export const listenAddress = textForm({
  parse: (text) => (parseIpv6Address(withoutZone(text)) === undefined ? undefined : text),
  expected: 'an IPv6 address, with %interface if it is link-local',
  example: '2001:db8::547',
})

export const ipv6SocketAddress = textForm({
  parse: (text) => {
    const parsed = parseSocketAddress(text)
    return parsed === undefined || parseIpv6Address(withoutZone(parsed.host)) === undefined ? undefined : parsed
  },
  expected: 'an IPv6 address in brackets with a port',
  example: '[2001:db8::1]:647',
})

export const apiSocketAddress = textForm({
  parse: (text) => {
    const parsed = parseSocketAddress(text)
    if (parsed === undefined) return undefined
    const isAddress = isIPv4(parsed.host) || parseIpv6Address(withoutZone(parsed.host)) !== undefined
    return parsed.host === 'localhost' || isAddress ? parsed : undefined
  },
  expected: 'an IP address (IPv6 in brackets) or localhost, with a port',
  example: '127.0.0.1:8067',
})

/** Where the two servers of a pair ask each other; a name would hang on a third machine. */
export const ipSocketAddress = textForm({
  parse: (text) => {
    const parsed = parseSocketAddress(text)
    if (parsed === undefined) return undefined
    return isIPv4(parsed.host) || parseIpv6Address(withoutZone(parsed.host)) !== undefined ? parsed : undefined
  },
  expected: 'an IP address (IPv6 in brackets) with a port',
  example: '[2001:db8::1]:8069',
})

/** In cookies, certificates and file names, so it is kept to what all of them take. */
export const serverName = textForm({
  parse: (text) => (/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/u.test(text) ? text : undefined),
  expected: 'a server name of at most 63 letters, digits and hyphens',
  example: 'alpha',
})

/** Travels in OPTION_F_RELATIONSHIP_NAME and in URLs. */
export const relationshipName = textForm({
  parse: (text) => (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u.test(text) ? text : undefined),
  expected: 'a relationship name of at most 64 letters, digits, dots, underscores and hyphens',
  example: 'alpha-beta',
})

export const storageUrl = textForm({
  parse: (text) =>
    /^file:[^?#]+$/u.test(text) || (/^postgres(?:ql)?:\/\/[^#\s]*$/u.test(text) && URL.canParse(text))
      ? text
      : undefined,
  expected: 'the URL of a database file, nor of a PostgreSQL database (postgresql://user@host/database)',
  example: 'file:./alpha.db',
  pattern: '^(file:|postgres(ql)?://).+',
})

export const webUrl = textForm({
  parse: (text) => (/^https?:\/\/[^\s]+$/u.test(text) && URL.canParse(text) ? text : undefined),
  expected: 'an http or https URL',
  example: 'https://beta.example.com:8067',
})

export function withoutZone(address: string): string {
  return address.split('%', 1)[0] ?? address
}

function parseSocketAddress(text: string): SocketAddress | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):([0-9]{1,5})$/u.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  if (host === undefined || port < 1 || port > 65_535) return undefined
  return { host, port }
}

/** Both ways of writing a pool are a range of addresses; the arithmetic is the library's. */
function parseAddressRange(text: string): AddressRange | undefined {
  const prefix = parseIpv6Prefix(text)
  if (prefix !== undefined) return rangeOf(text, IPv6CidrRange.fromCidr(formatIpv6Prefix(prefix)))
  const ends = text.split('-').map((part) => parseIpv6Address(part.trim()))
  if (ends.length !== 2 || ends.includes(undefined)) return undefined
  try {
    return rangeOf(text, RangedSet.fromRangeString(text))
  } catch {
    // The library's word for a first address above the last one; the reader gets ours.
    return undefined
  }
}

interface NumberedRange {
  getFirst(): { getValue(): bigint }
  getLast(): { getValue(): bigint }
}

function rangeOf(text: string, range: NumberedRange): AddressRange {
  const first = ipv6AddressFromNumber(range.getFirst().getValue())
  const last = ipv6AddressFromNumber(range.getLast().getValue())
  return { text, first, last }
}
