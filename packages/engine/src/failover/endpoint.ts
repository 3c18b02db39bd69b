/** The seam inside an endpoint: what its updates need of it, and what it asks of them (RFC 8156 sections 4.3, 7, 8). */
import type { FailoverMessage, FailoverMessageType, Options } from '@tandem/protocol'
import type { Pools } from '../allocation/pools.ts'
import type { Binding } from '../bindings/binding.ts'
import type { BindingTable } from '../bindings/binding-table.ts'
import type { RelationshipConfiguration, Role } from '../configuration/configuration.ts'
import type { RelationshipSnapshot } from '../snapshot.ts'
import type { Step } from '../step.ts'
import type { Instant } from '../time/instant.ts'
import type { EndpointState } from './endpoint-record.ts'

/** What the updates of one endpoint may ask of it. */
export interface UpdatesHost {
  readonly relationship: RelationshipConfiguration
  readonly role: Role
  readonly table: BindingTable
  readonly pools: Pools
  state(): EndpointState
  /** The MCLT in force, not the configured one. */
  mcltSeconds(): number
  /** A STATE has come on the present connection (RFC 8156 section 6.1). */
  communicationsOk(): boolean
  /** MAX_UNACKED_BNDUPD as the partner announced it on the present connection; 0 without one. */
  partnerMaxUnacked(): number
  /** Never one that is outstanding (RFC 8156 section 5.4). */
  nextTransactionId(): number
  /** One failover message on the present connection; nothing happens without one. */
  send(step: Step, type: FailoverMessageType, transactionId: number, options: Options): void
  /** Our UPDREQ or UPDREQALL has been answered in full. */
  onUpdDone(step: Step): void
  /** DISCONNECT with this status, then close. The updates are told by `connectionLost` before this returns. */
  disconnect(step: Step, statusCode: number, text: string): void
  /** A POOLREQ has come: the secondary has told us before all that it owed. */
  partnerBacklogReceived(step: Step): void
  /** When this endpoint entered PARTNER-DOWN; undefined in every other state, and once the partner recovers. */
  partnerDownSince(): Instant | undefined
  /** Our own records are from before a loss and nothing was promised since: what the partner tells replaces them. */
  believesPartner(): boolean
  /** The partner tells an end while it is believed: what was lost may be a promise of up to MCLT beyond this. */
  mayHavePromised(step: Step, ackedUntil: Instant): void
  /** In PARTNER-DOWN: the partner has fetched all that it missed, and waits. */
  partnerWaits(): boolean
  /** The partner recovers: what it may have promised before is over only when it leaves RECOVER-WAIT. */
  partnerMayHaveForgotten(): boolean
  /** And of this ended lease it may have forgotten a promise, up to MCLT beyond what we acknowledged (decision 0030). */
  partnerMayHavePromised(ended: Binding): boolean
}

export interface UpdatesStatus {
  /** Bindings the partner has still to be told of, or has not acknowledged. */
  readonly owed: number
  /** When the oldest of these changes was made, to the second. */
  readonly oldestOwedSince: Instant | undefined
  /** BNDUPDs sent on the present connection without a BNDREPLY. */
  readonly unacked: number
  /** When the last BNDUPD, BNDREPLY or UPDDONE of the partner came on this connection. */
  readonly lastProgressAt: Instant | undefined
  /** When the oldest unacknowledged BNDUPD was sent. */
  readonly oldestUnackedSince: Instant | undefined
  readonly resync: RelationshipSnapshot['resync']
}

/** Everything about telling the partner of leases and hearing of them from it. */
export interface Updates {
  /** All local changes of this relationship in this step: owed mark, partner-lifetime, and a BNDUPD where one may flow now. */
  announce(step: Step, changed: readonly Binding[]): void
  /** Of one lease of this relationship, though the partner has acknowledged it; false: nothing can be told of it. */
  tellAgain(step: Step, binding: Binding): boolean
  /** BNDUPD, BNDREPLY, UPDREQ, UPDREQALL, UPDDONE, POOLREQ, POOLRESP. */
  receive(step: Step, message: FailoverMessage): void
  /** Send what is owed; then a secondary asks for prefixes (RFC 8156 section 8.8). */
  enteredNormal(step: Step): void
  /** UPDREQ, or UPDREQALL where `all` is set; the endpoint hears of the end by `onUpdDone`. */
  requestUpdates(step: Step, all: boolean): void
  /** An operator's word: every pool exactly as configured, in as many rounds as it takes. Of the primary only. */
  rebalance(step: Step): void
  /** What would change sides by that; undefined: no pool is shared out. */
  imbalances(): RelationshipSnapshot['imbalances']
  /** All that is owed, without waiting for the scan, as far as the window allows. */
  tellOwed(step: Step): void
  /** Forget window, dump runs and outstanding requests. */
  connectionLost(step: Step): void
  /** The periodic scan of what is owed, and balance checks. */
  runDeadlines(step: Step): void
  nextDeadline(): Instant | undefined
  outstandingTransactionIds(): Iterable<number>
  status(): UpdatesStatus
}
