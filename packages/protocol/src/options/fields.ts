/** The few kinds of value that plain options are built from (RFC 9915 §8, §9, §10, §11). */
import type { DhcpTime } from '../values/dhcp-time.ts'
import { dhcpTimeFromNumber } from '../values/dhcp-time.ts'
import { readDomainName, writeDomainName } from '../values/domain-name.ts'
import type { Duid } from '../values/duid.ts'
import { DUID_OCTETS_MAX, DUID_OCTETS_MIN, duidFromHex, formatDuid, isDuidLength } from '../values/duid.ts'
import type { Ipv6Address } from '../values/ipv6-address.ts'
import { formatIpv6Address, ipv6AddressFromNumber } from '../values/ipv6-address.ts'
import { hexOf } from '../wire/hex.ts'
import { decodeUtf8, encodeUtf8 } from '../wire/utf8.ts'
import type { Field, OptionTable } from './option-definition.ts'

export const uint8: Field<number> = {
  read: (reader) => reader.uint8(),
  write: (writer, value) => writer.uint8(value),
  toText: String,
}

export const uint16: Field<number> = {
  read: (reader) => reader.uint16(),
  write: (writer, value) => writer.uint16(value),
  toText: String,
}

export const uint32: Field<number> = {
  read: (reader) => reader.uint32(),
  write: (writer, value) => writer.uint32(value),
  toText: String,
}

export const dhcpTime: Field<DhcpTime> = {
  read: (reader) => dhcpTimeFromNumber(reader.uint32()),
  write: (writer, value) => writer.uint32(value),
  toText: String,
}

export const ipv6Address: Field<Ipv6Address> = {
  read: (reader) => ipv6AddressFromNumber(reader.uint128()),
  write: (writer, value) => writer.uint128(value),
  toText: formatIpv6Address,
}

/** Present or absent, without content. */
export const presence: Field<true> = {
  read: () => true,
  write: () => undefined,
  toText: () => '',
}

export const bytes: Field<Uint8Array> = {
  read: (reader) => reader.takeRemaining(),
  write: (writer, value) => writer.put(value),
  toText: (value) => hexOf(value),
}

export function bytesOf(length: number): Field<Uint8Array> {
  return {
    read: (reader) => reader.take(length),
    write: (writer, value) => {
      if (value.length !== length) throw new RangeError(`${length} octets expected, not ${value.length}`)
      writer.put(value)
    },
    toText: (value) => hexOf(value),
  }
}

/** Stands in for a DUID that could not be read; the reader's fault keeps it from ever being seen. */
const UNREADABLE_DUID = duidFromHex('000000')

export const duid: Field<Duid> = {
  read: (reader) => {
    if (!isDuidLength(reader.remaining)) {
      const detail = `a DUID of ${reader.remaining} octets, not ${DUID_OCTETS_MIN} to ${DUID_OCTETS_MAX}`
      reader.fail(reader.remaining < DUID_OCTETS_MIN ? 'truncated' : 'value-out-of-range', detail)
      return UNREADABLE_DUID
    }
    return duidFromHex(reader.takeRemainingAsHex())
  },
  write: (writer, value) => writer.putHex(value),
  toText: formatDuid,
}

/** Text for people: octets that are not UTF-8 are shown as U+FFFD rather than refused. */
export const text: Field<string> = {
  read: (reader) => decodeUtf8(reader.takeRemaining()).text,
  write: (writer, value) => writer.put(encodeUtf8(value)),
  toText: (value) => JSON.stringify(value),
}

export const domainName: Field<string> = {
  read: (reader) => readDomainName(reader),
  write: (writer, value) => writeDomainName(writer, value),
  toText: (value) => value,
}

/** Values one after the other up to the end of the option. */
export function listOf<T>(item: Field<T>, { atLeast }: { readonly atLeast: 0 | 1 }): Field<readonly T[]> {
  return {
    read: (reader, table) => {
      const items: T[] = []
      if (atLeast === 1 && reader.remaining === 0) reader.fail('truncated', 'the list is empty')
      while (reader.remaining > 0) items.push(item.read(reader, table))
      return items
    },
    write: (writer, items, table) => {
      for (const value of items) item.write(writer, value, table)
    },
    toText: (items, table) => items.map((value) => item.toText(value, table)).join(', '),
  }
}

/** Octets behind a 16-bit count of them (RFC 9915 §21.15, §21.16). */
export const countedBytes: Field<Uint8Array> = {
  read: (reader) => reader.take(reader.uint16()),
  write: (writer, value) => {
    writer.uint16(value.length)
    writer.put(value)
  },
  toText: (value) => hexOf(value),
}

type FieldsOf<T> = { readonly [Key in keyof T]: Field<T[Key]> }

/** Named fields in the order given. */
export function record<T extends object>(fields: FieldsOf<T>): Field<T> {
  // Object.keys answers the names in the order in which the literal lists them, which is the wire order.
  const keys = Object.keys(fields) as (keyof T & string)[]
  return {
    read: (reader, table) => {
      const value: Partial<T> = {}
      for (const key of keys) value[key] = fields[key].read(reader, table)
      // The loop has filled every key of T.
      return value as T
    },
    write: (writer, value, table) => {
      for (const key of keys) fields[key].write(writer, value[key], table)
    },
    toText: (value, table: OptionTable) => {
      return `{${keys.map((key) => `${key} ${fields[key].toText(value[key], table)}`).join(', ')}}`
    },
  }
}

/** A number of which only some values are assigned; `nameOf` gives its text. */
export function assigned(
  number: Field<number>,
  isAssigned: (value: number) => boolean,
  nameOf: (value: number) => string,
): Field<number> {
  return {
    read: (reader, table) => {
      const start = reader.offset
      const value = number.read(reader, table)
      if (!isAssigned(value)) reader.fail('value-out-of-range', `${value} is not assigned`, start)
      return value
    },
    write: (writer, value, table) => number.write(writer, value, table),
    toText: nameOf,
  }
}
