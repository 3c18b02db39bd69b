/** RFC 3646 §3: recursive name servers, best first. */
import { OptionCode } from '../registry/option-codes.ts'
import type { Ipv6Address } from '../values/ipv6-address.ts'
import { ipv6Address, listOf } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const dnsServersOption: OptionDefinition<readonly Ipv6Address[]> = defineOption({
  code: OptionCode.DnsServers,
  value: listOf(ipv6Address, { atLeast: 1 }),
  occurs: 'once',
  requestable: true,
})
