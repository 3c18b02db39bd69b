/** RFC 9915 §21.23: seconds after which the client asks again; 0xffffffff means never. */
import { OptionCode } from '../registry/option-codes.ts'
import { uint32 } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const informationRefreshTimeOption: OptionDefinition<number> = defineOption({
  code: OptionCode.InformationRefreshTime,
  value: uint32,
  occurs: 'once',
  requestable: true,
})
