/** RFC 8156 §5.5.7: when the partner may take the lease as expired. */
import { OptionCode } from '../../registry/option-codes.ts'
import type { DhcpTime } from '../../values/dhcp-time.ts'
import { dhcpTime } from '../fields.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'

export const partnerLifetimeOption: OptionDefinition<DhcpTime> = defineOption({
  code: OptionCode.PartnerLifetime,
  value: dhcpTime,
  occurs: 'once',
  requestable: false,
})
