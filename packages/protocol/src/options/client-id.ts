/** RFC 9915 §21.2: names the client. */
import { OptionCode } from '../registry/option-codes.ts'
import type { Duid } from '../values/duid.ts'
import { duid } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const clientIdOption: OptionDefinition<Duid> = defineOption({
  code: OptionCode.ClientId,
  value: duid,
  occurs: 'once',
  requestable: false,
})
