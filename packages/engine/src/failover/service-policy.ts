/** The narrow answer that the client side may read: whom may I answer, from which leases, for how long. */
import type { Binding, BindingClient, BindingTimes, LifetimeRule } from '../bindings/binding.ts'
import type { Duid } from '@tandem/protocol'
import type { Role } from '../configuration/configuration.ts'
import type { DatagramReceived } from '../events.ts'
import type { Answers } from '../snapshot.ts'
import type { Instant } from '../time/instant.ts'

/** From which available leases a new one may be taken (digest 8.3 and section 9). */
export type AllocationPolicy =
  /** No relationship: the whole pool, no partner to wait for. */
  | { readonly kind: 'whole-pool' }
  | { readonly kind: 'none'; readonly because: string; readonly rule: string }
  | {
      readonly kind: 'own'
      readonly role: Role
      /** PARTNER-DOWN only: from then on the partner's prefixes too, once the own ones are depleted. */
      readonly partnersPrefixesFrom: Instant | undefined
      /**
       * Of leases that are owned by status it is not known which are still ours: the partner served alone, and contact was lost
       * before it had told what it gave. Undefined: it is known.
       */
      readonly sharedUnknown?: Unpermitted
    }

/** How a lifetime came about; stored and shown as "why this lifetime". */
export interface LifetimeDecision {
  readonly validSeconds: number
  readonly ackedPartnerLifetime: Instant | undefined
  /** What configuration wants, or the MCLT bound of RFC 8156 section 4.4. */
  readonly rule: LifetimeRule
}

export interface Unpermitted {
  readonly ok: false
  readonly because: string
  readonly rule: string
}

export type Permission = { readonly ok: true } | Unpermitted

/** Why clients of a relationship may get no answer now. */
export interface SilenceOfState {
  readonly relationship: string | undefined
  readonly rule: string | undefined
  readonly inputs: Readonly<Record<string, string>>
}

/** For whom both partners keep a lease: one IA, or whichever IA of the client asks first (decision 0075). */
export type KeptFor = 'this-ia' | 'any-ia-of-client'

/** Only the primary may answer it now; `elapsedMs`: for how long the client says that it has been asking. */
export interface LeftQuestion {
  readonly client: Duid
  readonly elapsedMs: number
  readonly event: DatagramReceived
}

/** `relationship` is the one of the subnet; undefined means that this server serves it alone. */
export interface ServicePolicy {
  answers(relationship: string | undefined): Answers
  /** SOLICIT only, never with rapid commit: an active standby in NORMAL (decision 0082). */
  offersBesidePrimary(relationship: string | undefined): boolean
  /** OPTION_PREFERENCE of an ADVERTISE; undefined: it carries none. */
  preference(relationship: string | undefined): number | undefined
  /** Handed over: who asks for what this server offered before is sent on to the partner (decision 0089). */
  sendsElsewhere(relationship: string | undefined): boolean
  silence(relationship: string | undefined): SilenceOfState
  /** False where only leases named by the client and on record may be touched (RECOVER-DONE, RFC 8156 section 8.7.1). */
  mayAllocate(relationship: string | undefined): Permission
  allocation(relationship: string | undefined): AllocationPolicy
  lifetime(
    relationship: string | undefined,
    binding: Binding | undefined,
    desiredSeconds: number,
    now: Instant,
  ): LifetimeDecision
  /** Of leases that one IA has from both partners, does only the latest one stay (decision 0077)? */
  keepsLatestOnly(relationship: string | undefined): boolean
  /** May a lease that is kept for a client be given to it from the partner's part too (decision 0075)? */
  reservationsAgreed(relationship: string | undefined): boolean
  /** May a lease with a record that is not ACTIVE be given to `client` now (RFC 8156 4.2.2.1, 8.4.1, 8.8.1)? Pool ownership is not asked here. `keptFor`: by agreement the partner gives it to nobody else. */
  mayReuse(binding: Binding, client: BindingClient, now: Instant, keptFor?: KeptFor): Permission
  /** When this server may move an ACTIVE lease to EXPIRED by its own clock (digest A20). */
  mayExpireAt(binding: BindingTimes): Instant | undefined
}
