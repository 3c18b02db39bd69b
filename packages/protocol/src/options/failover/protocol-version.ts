/** RFC 8156 §5.5.11: the failover protocol version that the sender uses. */
import { OptionCode } from '../../registry/option-codes.ts'
import { record, uint16 } from '../fields.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'

export interface ProtocolVersion {
  readonly major: number
  readonly minor: number
}

export const protocolVersionOption: OptionDefinition<ProtocolVersion> = defineOption({
  code: OptionCode.ProtocolVersion,
  value: record({ major: uint16, minor: uint16 }),
  occurs: 'once',
  requestable: false,
})
