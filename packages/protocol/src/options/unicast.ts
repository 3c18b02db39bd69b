/** RFC 8415 §21.12: the address that a client may send to directly; obsolete since RFC 9915. */
import { OptionCode } from '../registry/option-codes.ts'
import type { Ipv6Address } from '../values/ipv6-address.ts'
import { ipv6Address } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const unicastOption: OptionDefinition<Ipv6Address> = defineOption({
  code: OptionCode.Unicast,
  value: ipv6Address,
  occurs: 'once',
  requestable: false,
})
