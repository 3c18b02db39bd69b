/** A read-only picture of the engine for status pages; published only when its step has been released. */
import type { Role } from './configuration/configuration.ts'
import type { LeaseKind } from './bindings/binding.ts'
import type { ListenerDown } from './events.ts'
import type { EndpointState, HandedOver, PartnerRecord, RecordedState } from './failover/endpoint-record.ts'
import type { Instant } from './time/instant.ts'

/** Whom the endpoint answers (RFC 8156 section 3; digest 10.2). */
export type Answers = 'everyone' | 'own-identifier' | 'nobody'

export type ConnectionPhase = 'waiting-to-dial' | 'dialling' | 'listening' | 'securing' | 'connecting' | 'established'

export interface ArmedDeadline {
  readonly kind:
    | 'startup-ends'
    | 'recover-wait-ends'
    | 'auto-partner-down'
    | 'redial'
    | 'partner-pool-usable'
    | 'upddone-stall'
    | 'acknowledgement-stall'
  readonly at: Instant
}

/** What an operator admits by forcing a command. */
export type ForceAdmits = 'partner-in-contact' | 'hears-no-client' | 'leases-may-be-missing'

export type CommandAllowance =
  | {
      readonly allowed: true
      readonly needsForce: boolean
      readonly forceAdmits?: ForceAdmits | undefined
      readonly because: string
    }
  | { readonly allowed: false; readonly because: string }

/** Of a secondary in NORMAL: clients that its primary leaves without an answer. */
export interface UnansweredClientsSnapshot {
  readonly count: number
  /** So many are an alarm; undefined: never. */
  readonly alarmAt: number | undefined
  readonly alarm: boolean
}

/** A proportional pool that is not shared out exactly as configured. */
export interface PoolImbalance {
  readonly pool: string
  /** As the primary sees it. */
  readonly direction: 'give' | 'take-back'
  readonly leases: bigint
}

export interface RelationshipSnapshot {
  readonly name: string
  readonly role: Role
  readonly partnerName: string
  readonly state: EndpointState
  readonly stateSince: Instant
  readonly previousState: RecordedState | undefined
  /** In PARTNER-DOWN: since when the partner does not run, from which the waits count; else undefined. */
  readonly partnerDownSince?: Instant | undefined
  readonly answers: Answers
  /** Configured: the secondary offers to new clients in NORMAL too. */
  readonly activeStandby: boolean
  /** This server hears no client at all and therefore keeps away from the partner. */
  readonly blind: { readonly since: Instant; readonly because: string } | undefined
  /** For maintenance: this server answers nobody until it is taken back (decision 0089). */
  readonly handedOver: HandedOver | undefined
  readonly partner: PartnerRecord | undefined
  readonly communicationsOk: boolean
  readonly lastHeardFromPartnerAt: Instant | undefined
  readonly connection: {
    readonly phase: ConnectionPhase
    readonly since: Instant
    readonly secured: boolean
    readonly lastProblem: string | undefined
  }
  /** The partner has been sent our present state on the present connection. */
  readonly partnerInformed: boolean
  readonly clockSkewMs: number | undefined
  readonly unansweredClients: UnansweredClientsSnapshot
  readonly mcltSeconds: number
  readonly updatesOwed: number
  /** When the oldest change was made that the partner has not acknowledged, to the second; undefined: nothing is owed. */
  readonly oldestUpdateOwedSince: Instant | undefined
  readonly updatesUnacked: number
  readonly partnerMaxUnackedUpdates: number | undefined
  readonly resync:
    | { readonly direction: 'receiving' | 'sending'; readonly done: number; readonly total: number | undefined }
    | undefined
  /** What an operator's rebalance would move, by pool; undefined: no pool is shared out between the servers. */
  readonly imbalances: readonly PoolImbalance[] | undefined
  readonly deadlines: readonly ArmedDeadline[]
  readonly commands: {
    readonly declarePartnerDown: CommandAllowance
    readonly handOver: CommandAllowance
    readonly takeBack: CommandAllowance
    readonly resync: CommandAllowance
    readonly rebalance: CommandAllowance
  }
}

/** Of a pool that this server drains (decision 0117). */
export interface DrainSnapshot {
  readonly since: Instant
  readonly operator: string
  readonly reason: string
  /** In use, and not to be extended. */
  readonly leasesLeft: number
  /** In use by the clients that they are reserved for: they stay. */
  readonly reservedInUse: number
  /** When the last of `leasesLeft` runs out, as far as this server knows what was promised; undefined: there are none. */
  readonly lastEndAt: Instant | undefined
}

/** Counts of one pool; big pools exceed 2^53, hence bigint. */
export interface PoolSnapshot {
  readonly id: string
  readonly subnetId: string
  readonly kind: LeaseKind
  readonly relationship: string | undefined
  readonly delegatedLength: number | undefined
  readonly total: bigint
  readonly leased: bigint
  readonly ownFree: bigint
  readonly partnerFree: bigint
  /** ABANDONED. */
  readonly quarantined: bigint
  /** EXPIRED, RELEASED or RESET, waiting for the partner's acknowledgement or for MCLT. */
  readonly waiting: bigint
  /** Kept for the clients of reservations and not in use: free for nobody else. */
  readonly reserved: bigint
  /** Undefined: new clients get leases from it. */
  readonly drain?: DrainSnapshot | undefined
}

export interface EngineSnapshot {
  readonly takenAt: Instant
  /** Client listeners that hear nobody. */
  readonly listenersDown: readonly ListenerDown[]
  /** Since when all of them are down and this server leaves service to its partners. */
  readonly blindSince: Instant | undefined
  readonly relationships: readonly RelationshipSnapshot[]
  readonly pools: readonly PoolSnapshot[]
}
