/** RFC 9915 §21.7: the codes of the options that the client wants. */
import { OptionCode } from '../registry/option-codes.ts'
import { listOf, uint16 } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const optionRequestOption: OptionDefinition<readonly number[]> = defineOption({
  code: OptionCode.OptionRequest,
  value: listOf(uint16, { atLeast: 0 }),
  occurs: 'once',
  requestable: false,
})
