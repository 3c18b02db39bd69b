/** RFC 4649 §3: the remote end of the line, as a relay knows it. */
import { OptionCode } from '../registry/option-codes.ts'
import { bytes, record, uint32 } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export interface RemoteId {
  readonly enterprise: number
  readonly identifier: Uint8Array
}

export const remoteIdOption: OptionDefinition<RemoteId> = defineOption({
  code: OptionCode.RemoteId,
  value: record<RemoteId>({ enterprise: uint32, identifier: bytes }),
  occurs: 'once',
  requestable: false,
})
