/** RFC 7653 §6.3.1: when the enclosing data was put together. */
import { OptionCode } from '../registry/option-codes.ts'
import type { DhcpTime } from '../values/dhcp-time.ts'
import { dhcpTime } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const lqBaseTimeOption: OptionDefinition<DhcpTime> = defineOption({
  code: OptionCode.LqBaseTime,
  value: dhcpTime,
  occurs: 'once',
  requestable: false,
})
