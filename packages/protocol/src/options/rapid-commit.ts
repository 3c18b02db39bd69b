/** RFC 9915 §21.14: two messages instead of four. */
import { OptionCode } from '../registry/option-codes.ts'
import { presence } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const rapidCommitOption: OptionDefinition<true> = defineOption({
  code: OptionCode.RapidCommit,
  value: presence,
  occurs: 'once',
  requestable: false,
})
