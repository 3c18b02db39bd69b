/** What the private channel to the partner knows, for those who show it; start-api.ts puts it together. */
import type {
  AccountSharing,
  Check,
  CheckedServer,
  ConfigurationComparison,
  ComparedPartner,
  Lease,
  LeaseComparison,
  Listener,
  PartnerLease,
  PartnerPool,
  PartnerView,
  TimelineEntry,
  TimelineServer,
} from '@tandem/api-contract'

export const CHANNEL_VIEWS = Symbol('channel views')

export type UsedCode =
  | { readonly kind: 'good'; readonly serverName: string; readonly operatorId: string }
  | { readonly kind: 'not-good' }
  | { readonly kind: 'unavailable'; readonly serverName: string; readonly problem: string }

export interface ComparedRecords {
  readonly partner: ComparedPartner
  readonly items: readonly LeaseComparison[]
}

/** What is compared of a lease; `key` is its text, by whatever way of writing both sides use. */
export type ComparableLease = Pick<
  Lease,
  'key' | 'kind' | 'state' | 'client' | 'ackedPartnerLifetime' | 'expirationTime' | 'owedToPartner'
>

/** A stretch of this server's table; keys are in the order of their texts (`leaseKeyText`). */
export interface ComparedStretch {
  /** Not itself; null: from the first lease on. */
  readonly after: string | null
  /** Itself too; null: to the last lease. */
  readonly through: string | null
  /** All of the relationship that there are in it. */
  readonly leases: readonly ComparableLease[]
}

export interface StretchItem {
  readonly key: string
  /** `only-there`: this server has no record, though it should. */
  readonly outcome: 'agrees' | 'differs' | 'no-record' | 'only-there' | 'owed'
}

export type StretchAnswer =
  | {
      readonly kind: 'compared'
      readonly items: readonly StretchItem[]
      /** The partner told no more than through this one; null: all of the stretch. */
      readonly upTo: string | null
    }
  /** `isFinal`: asking again makes no sense. */
  | { readonly kind: 'failed'; readonly problem: string; readonly isFinal: boolean }

/** Both ends belong to it. */
export interface AskedStretch {
  readonly fromMs: number
  readonly toMs: number
  readonly limit: number
}

export interface PartnerTimeline {
  readonly server: TimelineServer
  /** Newest first. */
  readonly items: readonly TimelineEntry[]
}

export interface PartnerChecks {
  readonly server: CheckedServer
  readonly items: readonly Check[]
}

export interface ChannelViews {
  /** null: this relationship has no channel. */
  partnerView(relationship: string): PartnerView | null
  /** Asked now; `lease` by its text, `2001:db8::1` or `2001:db8::/56`. */
  partnerLease(relationship: string, lease: string): Promise<PartnerLease>
  /** Asked now; `leases` all of this relationship, a page of them at most. */
  compareLeases(relationship: string, leases: readonly Lease[]): Promise<ComparedRecords>
  /** Asked now. */
  compareStretch(relationship: string, stretch: ComparedStretch): Promise<StretchAnswer>
  /** Asked now; a pool by its id. */
  partnerPool(relationship: string, poolId: string): Promise<PartnerPool>
  /** Asked now. */
  compareConfigurations(relationship: string): Promise<ConfigurationComparison>
  /** Asked now. */
  partnerTimeline(relationship: string, stretch: AskedStretch): Promise<PartnerTimeline>
  /** Looked at now, by the partner. */
  partnerChecks(relationship: string): Promise<PartnerChecks>
  listeners(): readonly Listener[]
  /** Asked now, and used up by it. `hash`: of the code, hexadecimal. */
  useSignInCode(relationship: string, hash: string): Promise<UsedCode>
  /** One for each relationship. */
  accountSharing(): readonly AccountSharing[]
}
