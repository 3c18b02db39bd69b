/** RFC 9915 §21.18: the interface on which a relay heard the client; opaque to the server, which echoes it. */
import { OptionCode } from '../registry/option-codes.ts'
import { bytes } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const interfaceIdOption: OptionDefinition<Uint8Array> = defineOption({
  code: OptionCode.InterfaceId,
  value: bytes,
  occurs: 'once',
  requestable: false,
})
