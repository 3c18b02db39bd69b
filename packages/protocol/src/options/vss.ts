/** RFC 6607 §3.4: which VPN something belongs to. */
import { OptionCode } from '../registry/option-codes.ts'
import { hexOf } from '../wire/hex.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const VssType = { NvtAscii: 0, Rfc2685VpnId: 1, GlobalDefault: 255 } as const

export interface Vss {
  readonly type: number
  readonly information: Uint8Array
}

const VPN_ID_OCTETS = 7

export const vssOption: OptionDefinition<Vss> = defineOption({
  code: OptionCode.Vss,
  value: {
    read: (reader) => {
      const type = reader.uint8()
      const start = reader.offset
      const information = reader.takeRemaining()
      if (type === VssType.GlobalDefault && information.length > 0) {
        reader.fail('value-out-of-range', 'the global VPN has no further information', start)
      }
      if (type === VssType.Rfc2685VpnId && information.length !== VPN_ID_OCTETS) {
        reader.fail('value-out-of-range', `a VPN-ID of ${information.length} octets`, start)
      }
      return { type, information }
    },
    write: (writer, { type, information }) => {
      writer.uint8(type)
      writer.put(information)
    },
    toText: ({ type, information }) => `type ${type} ${hexOf(information)}`,
  },
  occurs: 'once',
  requestable: false,
})
