/** RFC 8156 §5.5.13: the client's reconfigure key and when it was made. */
import { OptionCode } from '../../registry/option-codes.ts'
import type { DhcpTime } from '../../values/dhcp-time.ts'
import { bytes, dhcpTime, record } from '../fields.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { defineOption } from '../option-definition.ts'

export interface ReconfigureData {
  readonly reconfigureTime: DhcpTime
  readonly key: Uint8Array
}

export const reconfigureDataOption: OptionDefinition<ReconfigureData> = defineOption({
  code: OptionCode.ReconfigureData,
  value: record({ reconfigureTime: dhcpTime, key: bytes }),
  occurs: 'once',
  requestable: false,
})
