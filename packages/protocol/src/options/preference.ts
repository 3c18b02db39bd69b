/** RFC 9915 §21.8: how much a server wants to be chosen; 255 ends the client's wait. */
import { OptionCode } from '../registry/option-codes.ts'
import { uint8 } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const preferenceOption: OptionDefinition<number> = defineOption({
  code: OptionCode.Preference,
  value: uint8,
  occurs: 'once',
  requestable: false,
})
