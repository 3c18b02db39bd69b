/** RFC 8415 §21.5: an identity association for temporary addresses; obsolete since RFC 9915, still carried by RFC 8156 §7.4. */
import { OptionCode } from '../registry/option-codes.ts'
import type { OptionDefinition, Options } from './option-definition.ts'
import { defineOption } from './option-definition.ts'
import { optionsToText, readOptions, writeOptions } from './option-list.ts'

export interface TemporaryIdentityAssociation {
  readonly iaid: number
  readonly options: Options
}

export const iaTaOption: OptionDefinition<TemporaryIdentityAssociation> = defineOption({
  code: OptionCode.IaTa,
  value: {
    read: (reader, table) => ({ iaid: reader.uint32(), options: readOptions(reader, table) }),
    write: (writer, value, table) => {
      writer.uint32(value.iaid)
      writeOptions(writer, value.options, table)
    },
    toText: ({ iaid, options }, table) => `iaid ${iaid} ${optionsToText(options, table)}`,
  },
  occurs: 'many',
  requestable: false,
})
