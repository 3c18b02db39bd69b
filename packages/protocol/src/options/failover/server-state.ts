/** RFC 8156 §5.5.16: the sender's failover state. */
import { OptionCode } from '../../registry/option-codes.ts'
import { isServerStateCode, serverStateName } from '../../registry/server-states.ts'
import { assigned, uint8 } from '../fields.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'

export const serverStateOption: OptionDefinition<number> = defineOption({
  code: OptionCode.ServerState,
  value: assigned(uint8, isServerStateCode, serverStateName),
  occurs: 'once',
  requestable: false,
})
