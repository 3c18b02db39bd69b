/** RFC 4580 §2: the provider's name for a subscriber, added by a relay. */
import { OptionCode } from '../registry/option-codes.ts'
import { bytes } from './fields.ts'
import type { OptionDefinition } from './option-definition.ts'
import { defineOption } from './option-definition.ts'

export const subscriberIdOption: OptionDefinition<Uint8Array> = defineOption({
  code: OptionCode.SubscriberId,
  value: bytes,
  occurs: 'once',
  requestable: false,
})
