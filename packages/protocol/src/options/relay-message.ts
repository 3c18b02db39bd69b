/** RFC 9915 §21.10: the message that a relay carries; it is decoded on its own, hop by hop. */
import { OptionCode } from '../registry/option-codes.ts'
import { bytes } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const relayMessageOption: OptionDefinition<Uint8Array> = defineOption({
  code: OptionCode.RelayMessage,
  value: bytes,
  occurs: 'once',
  requestable: false,
})
