/** RFC 8156 §5.5.17: when the state of the endpoint, or of the lease that holds this, began. */
import { OptionCode } from '../../registry/option-codes.ts'
import type { DhcpTime } from '../../values/dhcp-time.ts'
import { dhcpTime } from '../fields.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'

export const startTimeOfStateOption: OptionDefinition<DhcpTime> = defineOption({
  code: OptionCode.StartTimeOfState,
  value: dhcpTime,
  occurs: 'once',
  requestable: false,
})
