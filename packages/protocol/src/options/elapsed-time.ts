/** RFC 9915 §21.9: how long the client has been trying, in hundredths of a second; 0xffff means that or more. */
import { OptionCode } from '../registry/option-codes.ts'
import { uint16 } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const elapsedTimeOption: OptionDefinition<number> = defineOption({
  code: OptionCode.ElapsedTime,
  value: uint16,
  occurs: 'once',
  requestable: false,
})
