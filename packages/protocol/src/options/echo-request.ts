/** RFC 4994 §4: the codes of the options that a relay wants back. */
import { OptionCode } from '../registry/option-codes.ts'
import { listOf, uint16 } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const echoRequestOption: OptionDefinition<readonly number[]> = defineOption({
  code: OptionCode.EchoRequest,
  value: listOf(uint16, { atLeast: 0 }),
  occurs: 'once',
  requestable: false,
})
