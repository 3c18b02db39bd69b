/** RFC 9915 §21.21: an identity association for prefix delegation. T1 and T2 in seconds. */
import { OptionCode } from '../registry/option-codes.ts'
import type { IdentityAssociation } from './ia-na.ts'
import { iaNaOption } from './ia-na.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const iaPdOption: OptionDefinition<IdentityAssociation> = defineOption({
  code: OptionCode.IaPd,
  // The layout is that of IA_NA.
  value: iaNaOption,
  occurs: 'many',
  requestable: false,
})
