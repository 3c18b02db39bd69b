/** RFC 8156 §5.5.3.3: how DNS records were added; twelve bits must be zero and are kept as they came. */
import { OptionCode } from '../../registry/option-codes.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'
import { flagsOf, flagsToText } from './flags.ts'

export interface DnsFlags {
  /** The name is the one that the client asked for. */
  readonly usingRequestedFqdn: boolean
  /** The name was made up by the server. */
  readonly synthesizedName: boolean
  readonly reverseUpToDate: boolean
  readonly forwardUpToDate: boolean
  /** Bits without a meaning yet, where any is set. */
  readonly reserved?: number
}

const USING_REQUESTED_FQDN = 0x0008
const SYNTHESIZED_NAME = 0x0004
const REV_UPTODATE = 0x0002
const FWD_UPTODATE = 0x0001
const RESERVED = 0xfff0

export const dnsFlagsOption: OptionDefinition<DnsFlags> = defineOption({
  code: OptionCode.DnsFlags,
  value: {
    read: (reader): DnsFlags => {
      const bits = reader.uint16()
      const reserved = bits & RESERVED
      return {
        usingRequestedFqdn: (bits & USING_REQUESTED_FQDN) !== 0,
        synthesizedName: (bits & SYNTHESIZED_NAME) !== 0,
        reverseUpToDate: (bits & REV_UPTODATE) !== 0,
        forwardUpToDate: (bits & FWD_UPTODATE) !== 0,
        ...(reserved === 0 ? {} : { reserved }),
      }
    },
    write: (writer, value) => {
      const bits = [
        [value.usingRequestedFqdn, USING_REQUESTED_FQDN],
        [value.synthesizedName, SYNTHESIZED_NAME],
        [value.reverseUpToDate, REV_UPTODATE],
        [value.forwardUpToDate, FWD_UPTODATE],
      ] as const
      writer.uint16(flagsOf(bits, value.reserved))
    },
    toText: (value) => {
      const bits = [
        [value.usingRequestedFqdn, 'using-requested-fqdn'],
        [value.synthesizedName, 'synthesized-name'],
        [value.reverseUpToDate, 'reverse-up-to-date'],
        [value.forwardUpToDate, 'forward-up-to-date'],
      ] as const
      return flagsToText(bits, value.reserved)
    },
  },
  occurs: 'once',
  requestable: false,
})
