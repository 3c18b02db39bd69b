/** RFC 9915 §21.4: an identity association for non-temporary addresses. T1 and T2 in seconds. */
import { OptionCode } from '../registry/option-codes.ts'
import type { OptionDefinition, Options } from './option-definition.ts'
import { defineOption } from './option-definition.ts'
import { optionsToText, readOptions, writeOptions } from './option-list.ts'

export interface IdentityAssociation {
  readonly iaid: number
  readonly t1: number
  readonly t2: number
  readonly options: Options
}

export const iaNaOption: OptionDefinition<IdentityAssociation> = defineOption({
  code: OptionCode.IaNa,
  value: {
    read: (reader, table) => ({
      iaid: reader.uint32(),
      t1: reader.uint32(),
      t2: reader.uint32(),
      options: readOptions(reader, table),
    }),
    write: (writer, value, table) => {
      writer.uint32(value.iaid)
      writer.uint32(value.t1)
      writer.uint32(value.t2)
      writeOptions(writer, value.options, table)
    },
    toText: ({ iaid, t1, t2, options }, table) => `iaid ${iaid} t1 ${t1} t2 ${t2} ${optionsToText(options, table)}`,
  },
  occurs: 'many',
  requestable: false,
})
