/** RFC 8357 §4: the UDP port from which the downstream relay sent, 0 where that was 547. */
import { OptionCode } from '../registry/option-codes.ts'
import { uint16 } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const relaySourcePortOption: OptionDefinition<number> = defineOption({
  code: OptionCode.RelaySourcePort,
  value: uint16,
  occurs: 'once',
  requestable: false,
})
