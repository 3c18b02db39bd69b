/** One lease and what both partners know of it (RFC 8156 sections 7.2 and 7.3). */
import type { Duid, Ipv6Prefix } from '@tandem/protocol'
import type { Instant } from '../time/instant.ts'

export type LeaseKind = 'address' | 'prefix'
export type IaType = 'IA_NA' | 'IA_TA' | 'IA_PD'

/** PENDING-FREE is passed through, never stored (RFC 8156 section 7.2). */
export type BindingStatus = 'ACTIVE' | 'EXPIRED' | 'RELEASED' | 'FREE' | 'FREE-BACKUP' | 'ABANDONED' | 'RESET'

/** The client most recently tied to the lease. */
export interface BindingClient {
  readonly duid: Duid
  readonly iaType: IaType
  readonly iaid: number
}

/** By which rule a lifetime was set. One object for all leases that were granted alike, since there are millions of them. */
export interface LifetimeRule {
  /** What configuration alone would have given. */
  readonly desiredSeconds: number
  readonly limitedBy: 'configuration' | 'mclt' | 'drain'
  /** Section that governs it, for example `RFC 8156 4.4`. */
  readonly rule: string
  /** Of the endpoint, when it granted; undefined: the subnet belongs to no relationship. */
  readonly state: string | undefined
  /** The bound that was in force; undefined: none (PARTNER-DOWN, no relationship). */
  readonly mcltSeconds: number | undefined
}

/** Subnet of a lease that lies in none: nobody is served with it, and nobody else gets it (decision 0033). */
export const NO_SUBNET = ''

export interface Binding {
  /** `address/length`: an address has length 128; a prefix block shorter than a delegated prefix has no client. */
  readonly kind: LeaseKind
  readonly prefix: Ipv6Prefix
  /** `NO_SUBNET`: the partner told it, and the configuration had no place for it. */
  readonly subnetId: string
  readonly relationship: string | undefined
  readonly status: BindingStatus
  readonly client: BindingClient | undefined

  /** start-time-of-state: when the present status began. */
  readonly statusSince: Instant
  /** state-expiration-time: when the present status runs out; for ACTIVE the client's valid lifetime ends here. */
  readonly statusExpiresAt: Instant | undefined

  /** As last sent to the client, seconds. */
  readonly t1Seconds: number
  readonly t2Seconds: number
  readonly preferredSeconds: number
  readonly validSeconds: number
  /** Why this server gave these lifetimes; undefined: the partner gave them, or nobody. */
  readonly lifetimeRule?: LifetimeRule | undefined
  /** acked-partner-lifetime as it was when this server gave them: basis of their MCLT sum. */
  readonly lifetimeAcked?: Instant | undefined

  /** client-last-transaction-time: when I last heard from the client. */
  readonly clientHeardAt: Instant | undefined
  /** partner-raw-clt-time: when my partner last heard from the client, never adjusted. */
  readonly partnerHeardClientAt: Instant | undefined
  /** expiration-time: greatest lifetime that I acknowledged to my partner. */
  readonly expirationTime: Instant | undefined
  /** acked-partner-lifetime: greatest lifetime that my partner acknowledged to me; basis of the MCLT sum. */
  readonly ackedPartnerLifetime: Instant | undefined
  /** partner-lifetime: what is to be, or was, told to the partner; undefined: nothing left to tell. */
  readonly partnerLifetime: Instant | undefined

  /** needs-update: the partner has still to be told, or has not yet acknowledged. Durable. */
  readonly owedToPartner: boolean
  /** A BNDUPD of the present EXPIRED, RELEASED or RESET status may have been sent (RFC 8156 section 4.2.2.1). */
  readonly updateSent: boolean

  /** Raw value of OPTION_LQ_RELAY_DATA for this client's last message, if it came through a relay. */
  readonly relayData: Uint8Array | undefined
  /** Raw value of the client's OPTION_CLIENT_FQDN, if it sent one. */
  readonly clientFqdn: Uint8Array | undefined
}

/** What of a binding says when this server has to look at it again. */
export type BindingTimes = Pick<
  Binding,
  'status' | 'statusExpiresAt' | 'clientHeardAt' | 'partnerHeardClientAt' | 'expirationTime'
>

/** Key of a lease in the table and in storage. */
export type BindingKey = string

export function bindingKey(kind: LeaseKind, prefix: Ipv6Prefix): BindingKey {
  // Five bits to a digit: with a radix that is no power of two the number would have to be divided digit by digit.
  return `${kind === 'address' ? 'a' : 'p'}${prefix.address.toString(32)}/${prefix.length}`
}

export function keyOf(binding: Binding): BindingKey {
  return bindingKey(binding.kind, binding.prefix)
}
