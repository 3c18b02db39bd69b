/** RFC 6939 §4: the link-layer address of the client, added by the first relay. */
import { OptionCode } from '../registry/option-codes.ts'
import { formatOctets } from '../values/duid.ts'
import { bytes, record, uint16 } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export interface ClientLinkLayerAddress {
  readonly hardwareType: number
  readonly address: Uint8Array
}

export const clientLinkLayerAddressOption: OptionDefinition<ClientLinkLayerAddress> = defineOption({
  code: OptionCode.ClientLinkLayerAddress,
  value: record<ClientLinkLayerAddress>({
    hardwareType: uint16,
    address: { ...bytes, toText: formatOctets },
  }),
  occurs: 'once',
  requestable: false,
})
