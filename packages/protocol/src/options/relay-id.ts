/** RFC 5460 §5.4.1: names a relay agent. */
import { OptionCode } from '../registry/option-codes.ts'
import type { Duid } from '../values/duid.ts'
import { duid } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const relayIdOption: OptionDefinition<Duid> = defineOption({
  code: OptionCode.RelayId,
  value: duid,
  occurs: 'once',
  requestable: false,
})
