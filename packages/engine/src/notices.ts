/** What the engine tells people and meters; never a reason for the engine to do anything. */
import type { BindingStatus, LeaseKind } from './bindings/binding.ts'
import type { ListenerDown } from './events.ts'
import type { EndpointState } from './failover/endpoint-record.ts'
import type { Instant } from './time/instant.ts'

/** Why a client message got no answer. Closed list: each is a counter and has advice in the manual. */
export type NoAnswerReason =
  | 'malformed'
  | 'not-for-a-server'
  | 'rule-violated'
  | 'wrong-server-identifier'
  | 'no-matching-link'
  | 'failover-state'
  | 'nothing-to-say'
  | 'relay-too-deep'
  | 'answer-too-large'

/** What a decision was taken from: shown with it, since it cannot be worked out again later. */
export type DecisionInputs = Readonly<Record<string, string | number | boolean>>

export interface DatagramUnanswered {
  readonly kind: 'datagram-unanswered'
  readonly reason: NoAnswerReason
  readonly messageType: string
  readonly detail: string
  /** Section that says so, for example `RFC 9915 16`. */
  readonly rule: string
  readonly inputs: DecisionInputs
  /** Of the link that it came from, where one was found. */
  readonly relationship: string | undefined
  readonly clientDuid: string | undefined
}

export interface DatagramAnswered {
  readonly kind: 'datagram-answered'
  readonly requestType: string
  readonly answerType: string
}

export interface LeaseChanged {
  readonly kind: 'lease-changed'
  readonly leaseKind: LeaseKind
  /** `2001:db8::1` or `2001:db8::/56`. */
  readonly lease: string
  readonly subnetId: string
  readonly clientDuid: string | undefined
  readonly from: BindingStatus | undefined
  readonly to: BindingStatus
  readonly expiresAt: Instant | undefined
  readonly cause: 'client' | 'partner' | 'expiry' | 'acknowledged' | 'balance' | 'operator'
}

export interface AllocationFailed {
  readonly kind: 'allocation-failed'
  readonly leaseKind: LeaseKind
  readonly subnetId: string
  readonly clientDuid: string
  readonly reason: string
  readonly rule: string
  readonly inputs: DecisionInputs
}

export interface FailoverStateChanged {
  readonly kind: 'failover-state-changed'
  readonly relationship: string
  readonly from: EndpointState
  readonly to: EndpointState
  readonly cause: string
  readonly rule: string
  /** An operator must look: service depends on one server, or is in doubt. */
  readonly alarm: boolean
}

export interface PartnerStateChanged {
  readonly kind: 'partner-state-changed'
  readonly relationship: string
  readonly from: EndpointState | undefined
  readonly to: EndpointState
}

export interface ConnectionChanged {
  readonly kind: 'connection-changed'
  readonly relationship: string | undefined
  readonly change: 'established' | 'lost' | 'refused' | 'dial-failed' | 'rejected-peer'
  readonly detail: string
}

export interface FrameMalformed {
  readonly kind: 'frame-malformed'
  readonly relationship: string | undefined
  readonly detail: string
}

export interface UpdateRejected {
  readonly kind: 'update-rejected'
  readonly relationship: string
  readonly by: 'us' | 'partner'
  readonly lease: string
  readonly statusCode: number
  readonly detail: string
  readonly rule: string
  readonly inputs: DecisionInputs
}

/** The partner repeats what we told it and have no record of: our store is an old copy that was not marked (decision 0070). */
export interface StorageOlderThanTold {
  readonly kind: 'storage-older-than-told'
  readonly relationship: string
  readonly lease: string
  /** When, by the partner's memory of our word, this server heard the client. */
  readonly clientHeardAt: Instant
}

export interface ClockSkewSeen {
  readonly kind: 'clock-skew-seen'
  readonly relationship: string
  /** Of the one message that was too far off, or on average. Positive: the partner's clock is behind ours. */
  readonly skewMs: number
  /** It ended the connection. */
  readonly excessive: boolean
}

/** The partner keeps DNS records for leases and this server does none: it could not remove them (RFC 8156 section 9). */
export interface DnsDataIgnored {
  readonly kind: 'dns-data-ignored'
  readonly relationship: string
}

/** The partner does not keep the same leases for the same clients, or cannot vouch for it yet (decision 0075). */
export interface ReservationsDiffer {
  readonly kind: 'reservations-differ'
  readonly relationship: string
}

/** An operator drains a pool, or gives leases from it again (decision 0117). */
export interface PoolDrainChanged {
  readonly kind: 'pool-drain-changed'
  readonly pool: string
  readonly isDraining: boolean
  readonly operator: string
  readonly reason: string
  /** In use and not reserved. */
  readonly leasesLeft: number
}

/** Clients go on asking a primary that is in contact: perhaps it does not hear them (decision 0081). */
export interface ClientsUnanswered {
  readonly kind: 'clients-unanswered'
  readonly relationship: string
  readonly count: number
  /** Raised, or ended. */
  readonly alarm: boolean
}

/** Client listeners have fallen silent or hear again. */
export interface ListenersChangedNotice {
  readonly kind: 'listeners-changed'
  /** All that hear nobody now. */
  readonly down: readonly ListenerDown[]
  /** None hears: this server leaves service to its partners. */
  readonly blind: boolean
}

export type Notice =
  | DatagramUnanswered
  | DatagramAnswered
  | LeaseChanged
  | AllocationFailed
  | FailoverStateChanged
  | PartnerStateChanged
  | ConnectionChanged
  | FrameMalformed
  | UpdateRejected
  | StorageOlderThanTold
  | ClockSkewSeen
  | DnsDataIgnored
  | ReservationsDiffer
  | ListenersChangedNotice
  | ClientsUnanswered
  | PoolDrainChanged
