/** RFC 5007 §4.1.2.5: the links on which the client has bindings. */
import { OptionCode } from '../registry/option-codes.ts'
import type { Ipv6Address } from '../values/ipv6-address.ts'
import { ipv6Address, listOf } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const lqClientLinkOption: OptionDefinition<readonly Ipv6Address[]> = defineOption({
  code: OptionCode.LqClientLink,
  value: listOf(ipv6Address, { atLeast: 1 }),
  occurs: 'once',
  requestable: false,
})
