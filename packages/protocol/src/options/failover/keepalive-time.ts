/** RFC 8156 §5.5.12: seconds within which the sender must hear something. */
import { OptionCode } from '../../registry/option-codes.ts'
import { uint32 } from '../fields.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'

export const keepaliveTimeOption: OptionDefinition<number> = defineOption({
  code: OptionCode.KeepaliveTime,
  value: uint32,
  occurs: 'once',
  requestable: false,
})
