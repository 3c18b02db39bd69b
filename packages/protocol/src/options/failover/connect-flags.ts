/** RFC 8156 §5.5.2: what the sender can do; bit 15 is F, the other fifteen must be zero and are kept as they came. */
import { OptionCode } from '../../registry/option-codes.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'
import { flagsOf, flagsToText } from './flags.ts'

export interface ConnectFlags {
  /** All prefixes delegated out of one delegable prefix have the same length. */
  readonly fixedPdLength: boolean
  /** Bits without a meaning yet, where any is set. */
  readonly reserved?: number
}

const FIXED_PD_LENGTH = 0x0001
const UINT16_MAX = 0xffff

export const connectFlagsOption: OptionDefinition<ConnectFlags> = defineOption({
  code: OptionCode.ConnectFlags,
  value: {
    read: (reader): ConnectFlags => {
      const bits = reader.uint16()
      const reserved = bits & (UINT16_MAX ^ FIXED_PD_LENGTH)
      return { fixedPdLength: (bits & FIXED_PD_LENGTH) !== 0, ...(reserved === 0 ? {} : { reserved }) }
    },
    write: (writer, value) => writer.uint16(flagsOf([[value.fixedPdLength, FIXED_PD_LENGTH]], value.reserved)),
    toText: (value) => flagsToText([[value.fixedPdLength, 'fixed-pd-length']], value.reserved),
  },
  occurs: 'once',
  requestable: false,
})
