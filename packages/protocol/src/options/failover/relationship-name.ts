/** RFC 8156 §5.5.14: which relationship a connection is for; displayable UTF-8 without a final NUL. */
import { OptionCode } from '../../registry/option-codes.ts'
import { decodeUtf8, encodeUtf8 } from '../../wire/utf8.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'

export const relationshipNameOption: OptionDefinition<string> = defineOption({
  code: OptionCode.RelationshipName,
  value: {
    read: (reader) => {
      const start = reader.offset
      const { text, wellFormed } = decodeUtf8(reader.takeRemaining())
      // The name selects an endpoint, so a name that is only nearly the same must not pass.
      if (!wellFormed || text.includes('\0')) reader.fail('invalid-text', 'the name is not plain UTF-8', start)
      return text
    },
    write: (writer, value) => writer.put(encodeUtf8(value)),
    toText: (value) => JSON.stringify(value),
  },
  occurs: 'once',
  requestable: false,
})
