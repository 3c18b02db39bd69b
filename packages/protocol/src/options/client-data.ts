/** RFC 5007 §4.1.2.2: all that is told about one client; the container of BNDUPD and BNDREPLY (RFC 8156 §7.4). */
import { OptionCode } from '../registry/option-codes.ts'
import type { OptionDefinition, Options } from './option-definition.ts'
import { defineOption } from './option-definition.ts'
import { optionList } from './option-list.ts'

export const clientDataOption: OptionDefinition<Options> = defineOption({
  code: OptionCode.ClientData,
  value: optionList,
  occurs: 'once',
  requestable: false,
})
