/** RFC 9915 §21.16: the hardware that the client runs on, once per enterprise number. */
import { OptionCode } from '../registry/option-codes.ts'
import { countedBytes, listOf, record, uint32 } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export interface VendorClass {
  readonly enterprise: number
  readonly classes: readonly Uint8Array[]
}

export const vendorClassOption: OptionDefinition<VendorClass> = defineOption({
  code: OptionCode.VendorClass,
  value: record<VendorClass>({ enterprise: uint32, classes: listOf(countedBytes, { atLeast: 0 }) }),
  occurs: 'many',
  requestable: false,
})
