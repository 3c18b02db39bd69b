/** RFC 8156 §5.5.3.2: the zone in which DNS records were added. */
import { OptionCode } from '../../registry/option-codes.ts'
import { domainName } from '../fields.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'

export const dnsZoneNameOption: OptionDefinition<string> = defineOption({
  code: OptionCode.DnsZoneName,
  value: domainName,
  occurs: 'once',
  requestable: false,
})
