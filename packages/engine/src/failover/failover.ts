/** The face of the failover side towards the engine's door; `createFailover` builds it from its endpoints. */
import type { Binding } from '../bindings/binding.ts'
import type { BindingTable } from '../bindings/binding-table.ts'
import type { Pools } from '../allocation/pools.ts'
import type { EngineConfiguration } from '../configuration/configuration.ts'
import type {
  CommandReceived,
  DatagramReceived,
  DialFailed,
  FrameReceived,
  ListenersChanged,
  StreamClosed,
  StreamOpened,
  StreamSecured,
} from '../events.ts'
import type { RelationshipSnapshot } from '../snapshot.ts'
import type { Step } from '../step.ts'
import type { Instant } from '../time/instant.ts'
import type { Blindness } from './blindness.ts'
import type { EndpointRecord } from './endpoint-record.ts'
import type { ReservationRecord } from './reservation-agreement.ts'
import type { LeftQuestion, ServicePolicy } from './service-policy.ts'

export type StreamEvent = StreamOpened | DialFailed | StreamSecured | StreamClosed | FrameReceived

export interface Failover {
  readonly policy: ServicePolicy
  /** Before everything else of a start; does nothing when it has been. */
  begin(step: Step): void
  receive(step: Step, event: StreamEvent): void
  runDeadlines(step: Step): void
  nextDeadline(): Instant | undefined
  command(step: Step, event: CommandReceived): void
  /** The clock jumped or the process slept: all connections are gone, STARTUP again. */
  timeGap(step: Step, from: Instant): void
  /** A question of a client that the endpoint of this relationship leaves to its primary (decision 0081). */
  leftToPrimary(step: Step, relationship: string, question: LeftQuestion): void
  /** Left a moment ago, and this server's to answer since this step (decision 0088). */
  takeLeftQuestions(now: Instant): readonly DatagramReceived[]
  /** Where no client can be heard the endpoints leave their partners, until one can (decision 0080). */
  listenersChanged(step: Step, event: ListenersChanged): void
  readonly blindness: Blindness
  /** Leases changed by clients, expiry or operators in this step: mark owed, set partner-lifetime, send what the window allows. */
  announce(step: Step, changed: readonly Binding[]): void
  snapshot(now: Instant): readonly RelationshipSnapshot[]
  remembered(): { readonly endpoints: readonly EndpointRecord[]; readonly reservations: readonly ReservationRecord[] }
}

export interface FailoverOptions {
  readonly configuration: EngineConfiguration
  readonly table: BindingTable
  readonly pools: Pools
  readonly restored: ReadonlyMap<string, EndpointRecord>
  readonly restoredReservations: ReadonlyMap<string, ReservationRecord>
  /** When this server last certainly ran (last commit), and until when it may have run; undefined: no stored state. */
  readonly lastCommitAt: Instant | undefined
  readonly ranUntil: Instant | undefined
  readonly startedAt: Instant
}
