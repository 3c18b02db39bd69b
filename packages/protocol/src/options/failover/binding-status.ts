/** RFC 8156 §5.5.1: the status of a lease. */
import { bindingStatusName, isBindingStatusCode } from '../../registry/binding-statuses.ts'
import { OptionCode } from '../../registry/option-codes.ts'
import { assigned, uint8 } from '../fields.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'

export const bindingStatusOption: OptionDefinition<number> = defineOption({
  code: OptionCode.BindingStatus,
  value: assigned(uint8, isBindingStatusCode, bindingStatusName),
  occurs: 'once',
  requestable: false,
})
