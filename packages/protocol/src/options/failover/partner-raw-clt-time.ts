/** RFC 8156 §5.5.10: when the sender's partner last heard the client, never adjusted. */
import { OptionCode } from '../../registry/option-codes.ts'
import type { DhcpTime } from '../../values/dhcp-time.ts'
import { dhcpTime } from '../fields.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'

export const partnerRawCltTimeOption: OptionDefinition<DhcpTime> = defineOption({
  code: OptionCode.PartnerRawCltTime,
  value: dhcpTime,
  occurs: 'once',
  requestable: false,
})
