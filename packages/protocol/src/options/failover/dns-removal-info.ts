/** RFC 8156 §5.5.3: what the partner needs to remove DNS records that this server added; holds options 117 to 119. */
import { OptionCode } from '../../registry/option-codes.ts'
import type { OptionDefinition, Options } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'
import { optionList } from '../option-list.ts'

export const dnsRemovalInfoOption: OptionDefinition<Options> = defineOption({
  code: OptionCode.DnsRemovalInfo,
  value: optionList,
  occurs: 'once',
  requestable: false,
})
