/** RFC 8156 §5.5.5: how many unacknowledged BNDUPD messages the sender will take. */
import { OptionCode } from '../../registry/option-codes.ts'
import { uint32 } from '../fields.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'

export const maxUnackedBndupdOption: OptionDefinition<number> = defineOption({
  code: OptionCode.MaxUnackedBndupd,
  value: uint32,
  occurs: 'once',
  requestable: false,
})
