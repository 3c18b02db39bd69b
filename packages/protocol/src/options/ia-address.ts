/** RFC 9915 §21.6: one address of an identity association; lifetimes in seconds. */
import { OptionCode } from '../registry/option-codes.ts'
import type { Ipv6Address } from '../values/ipv6-address.ts'
import { formatIpv6Address, ipv6AddressFromNumber } from '../values/ipv6-address.ts'
import type { OptionDefinition, Options } from './option-definition.ts'
import { defineOption } from './option-definition.ts'
import { optionsToText, readOptions, writeOptions } from './option-list.ts'

export interface IaAddress {
  readonly address: Ipv6Address
  readonly preferredLifetime: number
  readonly validLifetime: number
  readonly options: Options
}

export const iaAddressOption: OptionDefinition<IaAddress> = defineOption({
  code: OptionCode.IaAddress,
  value: {
    read: (reader, table) => ({
      address: ipv6AddressFromNumber(reader.uint128()),
      preferredLifetime: reader.uint32(),
      validLifetime: reader.uint32(),
      options: readOptions(reader, table),
    }),
    write: (writer, value, table) => {
      writer.uint128(value.address)
      writer.uint32(value.preferredLifetime)
      writer.uint32(value.validLifetime)
      writeOptions(writer, value.options, table)
    },
    toText: ({ address, preferredLifetime, validLifetime, options }, table) => {
      const lifetimes = `preferred ${preferredLifetime} valid ${validLifetime}`
      return `${formatIpv6Address(address)} ${lifetimes} ${optionsToText(options, table)}`
    },
  },
  occurs: 'many',
  requestable: false,
})
