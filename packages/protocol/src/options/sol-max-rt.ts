/** RFC 9915 §21.24: overrides the longest wait between SOLICIT messages, in seconds. */
import { OptionCode } from '../registry/option-codes.ts'
import { uint32 } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const solMaxRtOption: OptionDefinition<number> = defineOption({
  code: OptionCode.SolMaxRt,
  value: uint32,
  occurs: 'once',
  requestable: true,
})
