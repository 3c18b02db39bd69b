/** What an endpoint keeps on stable storage (RFC 8156 sections 8.1 to 8.3, digest 10.3). */
import type { Instant } from '../time/instant.ts'
import type { EarlierMclt } from './earlier-mclt.ts'

/** Every endpoint state but STARTUP, which is never recorded (RFC 8156 section 5.5.16). */
export const recordedStates = [
  'NORMAL',
  'COMMUNICATIONS-INTERRUPTED',
  'PARTNER-DOWN',
  'POTENTIAL-CONFLICT',
  'RECOVER',
  'RECOVER-WAIT',
  'RECOVER-DONE',
  'RESOLUTION-INTERRUPTED',
  'CONFLICT-DONE',
] as const

export type RecordedState = (typeof recordedStates)[number]
export type EndpointState = RecordedState | 'STARTUP'

export interface PartnerRecord {
  readonly state: RecordedState
  readonly since: Instant
  readonly startup: boolean
  readonly ackStartup: boolean
  readonly communicated: boolean
  /** When the partner entered PARTNER-DOWN; while it reports that state or a conflict that followed from it (decision 0071). */
  readonly partnerDownSince: Instant | undefined
}

/** An operator gave this server's clients to its partner, until they are taken back (decision 0089). */
export interface HandedOver {
  readonly since: Instant
  readonly operator: string
  readonly reason: string
}

export interface EndpointRecord {
  readonly relationship: string
  readonly state: RecordedState
  readonly previousState: RecordedState | undefined
  readonly stateSince: Instant
  /** As the last STATE told it; undefined: never heard. */
  readonly partner: PartnerRecord | undefined
  readonly lastHeardFromPartnerAt: Instant | undefined
  /** A STATE came on a connection that has not ended since; what is heard on it is not recorded each time. */
  readonly inContact: boolean
  /** In PARTNER-DOWN: since when, by the operator's word, the partner does not run; undefined: since the entry. */
  readonly partnerStoppedAt: Instant | undefined
  /** A STATE of the partner has been received and stored (digest A29). */
  readonly communicated: boolean
  /** The MCLT that both agreed on last: the primary's (RFC 8156 section 6.1.2); until then our own configuration. */
  readonly mcltSeconds: number
  /** Undefined: no promise under a longer one can still hold. */
  readonly earlierMclt: EarlierMclt | undefined
  /** The whole database of the partner is still to be fetched (digest A32). */
  readonly fullResyncOwed: boolean
  /** TIME-OF-FAILURE of RECOVER-WAIT; undefined: unknown (digest A28). Later where the partner acknowledged more (decision 0030). */
  readonly timeOfFailure: Instant | undefined
  /** Last time this endpoint could make a promise to a client (digest A33). */
  readonly lastPromiseAt: Instant | undefined
  /** Undefined: this server serves as its state says. */
  readonly handedOver: HandedOver | undefined
}
