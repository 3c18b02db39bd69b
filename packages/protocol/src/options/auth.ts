/** RFC 9915 §21.11: authentication of a message, as reconfigure keys use it (§20.4). */
import { OptionCode } from '../registry/option-codes.ts'
import { bytes, bytesOf, record, uint8 } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export interface Authentication {
  readonly protocol: number
  readonly algorithm: number
  readonly replayDetectionMethod: number
  readonly replayDetection: Uint8Array
  readonly information: Uint8Array
}

export const authOption: OptionDefinition<Authentication> = defineOption({
  code: OptionCode.Auth,
  value: record<Authentication>({
    protocol: uint8,
    algorithm: uint8,
    replayDetectionMethod: uint8,
    replayDetection: bytesOf(8),
    information: bytes,
  }),
  occurs: 'once',
  requestable: false,
})
