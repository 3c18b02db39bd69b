/** What the private channel to the partner knows, for those who show it; start-api.ts puts it together. */
import type { Listener, PartnerView } from '@tandem/api-contract'

export const CHANNEL_VIEWS = Symbol('channel views')

export interface ChannelViews {
  /** null: this relationship has no channel. */
  partnerView(relationship: string): PartnerView | null
  listeners(): readonly Listener[]
}
