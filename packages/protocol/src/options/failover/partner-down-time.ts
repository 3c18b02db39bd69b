/** RFC 8156 §5.5.9: when the sender entered PARTNER-DOWN. */
import { OptionCode } from '../../registry/option-codes.ts'
import type { DhcpTime } from '../../values/dhcp-time.ts'
import { dhcpTime } from '../fields.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'

export const partnerDownTimeOption: OptionDefinition<DhcpTime> = defineOption({
  code: OptionCode.PartnerDownTime,
  value: dhcpTime,
  occurs: 'once',
  requestable: false,
})
