/** RFC 9915 §21.17: options that a vendor defines, once per enterprise number; kept as octets. */
import { OptionCode } from '../registry/option-codes.ts'
import { bytes, record, uint32 } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export interface VendorOpts {
  readonly enterprise: number
  readonly options: Uint8Array
}

export const vendorOptsOption: OptionDefinition<VendorOpts> = defineOption({
  code: OptionCode.VendorOpts,
  value: record<VendorOpts>({ enterprise: uint32, options: bytes }),
  occurs: 'many',
  requestable: true,
})
