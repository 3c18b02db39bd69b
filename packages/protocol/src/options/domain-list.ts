/** RFC 3646 §4: the search list for host names. */
import { OptionCode } from '../registry/option-codes.ts'
import { domainName, listOf } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const domainListOption: OptionDefinition<readonly string[]> = defineOption({
  code: OptionCode.DomainList,
  value: listOf(domainName, { atLeast: 1 }),
  occurs: 'once',
  requestable: true,
})
