/** RFC 8156 §5.5.8: the received partner lifetime, echoed bit for bit. */
import { OptionCode } from '../../registry/option-codes.ts'
import type { DhcpTime } from '../../values/dhcp-time.ts'
import { dhcpTime } from '../fields.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'

export const partnerLifetimeSentOption: OptionDefinition<DhcpTime> = defineOption({
  code: OptionCode.PartnerLifetimeSent,
  value: dhcpTime,
  occurs: 'once',
  requestable: false,
})
