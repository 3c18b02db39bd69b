/** RFC 8156 §5.5.18: when the status of the lease runs out. */
import { OptionCode } from '../../registry/option-codes.ts'
import type { DhcpTime } from '../../values/dhcp-time.ts'
import { dhcpTime } from '../fields.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'

export const stateExpirationTimeOption: OptionDefinition<DhcpTime> = defineOption({
  code: OptionCode.StateExpirationTime,
  value: dhcpTime,
  occurs: 'once',
  requestable: false,
})
