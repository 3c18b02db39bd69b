/** RFC 9915 §21.22: one delegated prefix; at the top of a BNDUPD a prefix without a client (RFC 8156 §5.3.1). Lifetimes in seconds. */
import { OptionCode } from '../registry/option-codes.ts'
import { ipv6AddressFromNumber } from '../values/ipv6-address.ts'
import type { Ipv6Prefix } from '../values/ipv6-prefix.ts'
import { formatIpv6Prefix, makePrefix, PREFIX_LENGTH_MAX } from '../values/ipv6-prefix.ts'
import type { OptionDefinition, Options } from './option-definition.ts'
import { defineOption } from './option-definition.ts'
import { optionsToText, readOptions, writeOptions } from './option-list.ts'

export interface IaPrefix {
  readonly prefix: Ipv6Prefix
  readonly preferredLifetime: number
  readonly validLifetime: number
  readonly options: Options
}

export const iaPrefixOption: OptionDefinition<IaPrefix> = defineOption({
  code: OptionCode.IaPrefix,
  value: {
    read: (reader, table) => {
      const preferredLifetime = reader.uint32()
      const validLifetime = reader.uint32()
      const lengthAt = reader.offset
      const length = reader.uint8()
      if (length > PREFIX_LENGTH_MAX) {
        reader.fail('value-out-of-range', `a prefix length of ${length}`, lengthAt)
      }
      const address = ipv6AddressFromNumber(reader.uint128())
      const prefix = makePrefix(address, Math.min(length, PREFIX_LENGTH_MAX))
      return { prefix, preferredLifetime, validLifetime, options: readOptions(reader, table) }
    },
    write: (writer, value, table) => {
      writer.uint32(value.preferredLifetime)
      writer.uint32(value.validLifetime)
      writer.uint8(value.prefix.length)
      writer.uint128(value.prefix.address)
      writeOptions(writer, value.options, table)
    },
    toText: ({ prefix, preferredLifetime, validLifetime, options }, table) => {
      const lifetimes = `preferred ${preferredLifetime} valid ${validLifetime}`
      return `${formatIpv6Prefix(prefix)} ${lifetimes} ${optionsToText(options, table)}`
    },
  },
  occurs: 'many',
  requestable: false,
})
