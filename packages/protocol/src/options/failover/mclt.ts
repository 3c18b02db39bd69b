/** RFC 8156 §5.5.6: the maximum client lead time, in seconds. */
import { OptionCode } from '../../registry/option-codes.ts'
import { uint32 } from '../fields.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'

export const mcltOption: OptionDefinition<number> = defineOption({
  code: OptionCode.Mclt,
  value: uint32,
  occurs: 'once',
  requestable: false,
})
