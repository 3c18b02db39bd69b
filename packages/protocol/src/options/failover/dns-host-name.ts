/** RFC 8156 §5.5.3.1: the name under which DNS records were added. */
import { OptionCode } from '../../registry/option-codes.ts'
import { domainName } from '../fields.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'

export const dnsHostNameOption: OptionDefinition<string> = defineOption({
  code: OptionCode.DnsHostName,
  value: domainName,
  occurs: 'once',
  requestable: false,
})
