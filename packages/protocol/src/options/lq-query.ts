/** RFC 5007 §4.1.2.1: what a LEASEQUERY asks for. */
import { OptionCode } from '../registry/option-codes.ts'
import type { Ipv6Address } from '../values/ipv6-address.ts'
import { ipv6Address, record, uint8 } from './fields.ts'
import type { OptionDefinition, Options } from './option-definition.ts'
import { defineOption } from './option-definition.ts'
import { optionList } from './option-list.ts'

export interface LqQuery {
  readonly queryType: number
  readonly linkAddress: Ipv6Address
  readonly options: Options
}

export const lqQueryOption: OptionDefinition<LqQuery> = defineOption({
  code: OptionCode.LqQuery,
  value: record<LqQuery>({ queryType: uint8, linkAddress: ipv6Address, options: optionList }),
  occurs: 'once',
  requestable: false,
})
