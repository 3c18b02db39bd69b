/** RFC 5007 §4.1.2.4: the relay and its last RELAY-FORW chain, without the client's message inside. */
import { OptionCode } from '../registry/option-codes.ts'
import type { Ipv6Address } from '../values/ipv6-address.ts'
import { bytes, ipv6Address, record } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export interface LqRelayData {
  readonly peerAddress: Ipv6Address
  readonly message: Uint8Array
}

export const lqRelayDataOption: OptionDefinition<LqRelayData> = defineOption({
  code: OptionCode.LqRelayData,
  value: record<LqRelayData>({ peerAddress: ipv6Address, message: bytes }),
  occurs: 'once',
  requestable: false,
})
