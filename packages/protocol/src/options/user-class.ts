/** RFC 9915 §21.15: what kind of user or application the client serves. */
import { OptionCode } from '../registry/option-codes.ts'
import { countedBytes, listOf } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const userClassOption: OptionDefinition<readonly Uint8Array[]> = defineOption({
  code: OptionCode.UserClass,
  value: listOf(countedBytes, { atLeast: 1 }),
  occurs: 'once',
  requestable: false,
})
