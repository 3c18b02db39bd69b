/** RFC 9915 §21.3: names the server. */
import { OptionCode } from '../registry/option-codes.ts'
import type { Duid } from '../values/duid.ts'
import { duid } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const serverIdOption: OptionDefinition<Duid> = defineOption({
  code: OptionCode.ServerId,
  value: duid,
  occurs: 'once',
  requestable: false,
})
