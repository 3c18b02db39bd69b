/** RFC 8156 §5.5.4: the greatest lifetime that the sender ever acknowledged to its partner for this lease. */
import { OptionCode } from '../../registry/option-codes.ts'
import type { DhcpTime } from '../../values/dhcp-time.ts'
import { dhcpTime } from '../fields.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'

export const expirationTimeOption: OptionDefinition<DhcpTime> = defineOption({
  code: OptionCode.ExpirationTime,
  value: dhcpTime,
  occurs: 'once',
  requestable: false,
})
