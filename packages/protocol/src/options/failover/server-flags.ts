/** RFC 8156 §5.5.15: what else the partner must know about the sender's state; five bits must be zero and are kept as they came. */
import { OptionCode } from '../../registry/option-codes.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'
import { flagsOf, flagsToText } from './flags.ts'

export interface ServerFlags {
  /** The sender is in STARTUP. */
  readonly startup: boolean
  /** The flags that the sender received last had STARTUP set. */
  readonly ackStartup: boolean
  /** The sender has a record of having communicated with its partner. */
  readonly communicated: boolean
  /** Bits without a meaning yet, where any is set. */
  readonly reserved?: number
}

const ACK_STARTUP = 0x04
const STARTUP = 0x02
const COMMUNICATED = 0x01
const RESERVED = 0xf8

export const serverFlagsOption: OptionDefinition<ServerFlags> = defineOption({
  code: OptionCode.ServerFlags,
  value: {
    read: (reader): ServerFlags => {
      const bits = reader.uint8()
      const reserved = bits & RESERVED
      return {
        startup: (bits & STARTUP) !== 0,
        ackStartup: (bits & ACK_STARTUP) !== 0,
        communicated: (bits & COMMUNICATED) !== 0,
        ...(reserved === 0 ? {} : { reserved }),
      }
    },
    write: (writer, value) => {
      const bits = [
        [value.startup, STARTUP],
        [value.ackStartup, ACK_STARTUP],
        [value.communicated, COMMUNICATED],
      ] as const
      writer.uint8(flagsOf(bits, value.reserved))
    },
    toText: (value) => {
      const bits = [
        [value.startup, 'startup'],
        [value.ackStartup, 'ack-startup'],
        [value.communicated, 'communicated'],
      ] as const
      return flagsToText(bits, value.reserved)
    },
  },
  occurs: 'once',
  requestable: false,
})
