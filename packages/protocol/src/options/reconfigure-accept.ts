/** RFC 9915 §21.20: the client accepts RECONFIGURE messages. */
import { OptionCode } from '../registry/option-codes.ts'
import { presence } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const reconfigureAcceptOption: OptionDefinition<true> = defineOption({
  code: OptionCode.ReconfigureAccept,
  value: presence,
  occurs: 'once',
  requestable: false,
})
