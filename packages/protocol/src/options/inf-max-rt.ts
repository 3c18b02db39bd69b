/** RFC 9915 §21.25: overrides the longest wait between INFORMATION-REQUEST messages, in seconds. */
import { OptionCode } from '../registry/option-codes.ts'
import { uint32 } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const infMaxRtOption: OptionDefinition<number> = defineOption({
  code: OptionCode.InfMaxRt,
  value: uint32,
  occurs: 'once',
  requestable: true,
})
