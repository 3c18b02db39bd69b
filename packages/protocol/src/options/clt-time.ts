/** RFC 5007 §4.1.2.3: seconds since the client was last heard, counted back from the base time of the same container. */
import { OptionCode } from '../registry/option-codes.ts'
import { uint32 } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const cltTimeOption: OptionDefinition<number> = defineOption({
  code: OptionCode.CltTime,
  value: uint32,
  occurs: 'once',
  requestable: false,
})
