/** RFC 9915 §21.13: how something went, with text for people. */
import { OptionCode } from '../registry/option-codes.ts'
import { statusCodeName } from '../registry/status-codes.ts'
import { assigned, record, text, uint16 } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export interface Status {
  readonly code: number
  readonly message: string
}

export const statusCodeOption: OptionDefinition<Status> = defineOption({
  code: OptionCode.StatusCode,
  // A code that is not assigned yet is a failure of some kind, not a malformed message.
  value: record<Status>({ code: assigned(uint16, () => true, statusCodeName), message: text }),
  occurs: 'once',
  requestable: false,
})
