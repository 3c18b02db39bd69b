/** RFC 9915 §21.19: the message with which the client must answer a RECONFIGURE. */
import { isKnownMessageType, messageTypeName } from '../registry/message-types.ts'
import { OptionCode } from '../registry/option-codes.ts'
import { assigned, uint8 } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const reconfigureMessageOption: OptionDefinition<number> = defineOption({
  code: OptionCode.ReconfigureMessage,
  value: assigned(uint8, isKnownMessageType, messageTypeName),
  occurs: 'once',
  requestable: false,
})
