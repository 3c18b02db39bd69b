/** The door: routes an event to the part that decides and gathers what it answered. No rule stands here. */
import { BindingTable } from './bindings/binding-table.ts'
import { expireDue } from './bindings/expire-due.ts'
import type { Binding, BindingTimes } from './bindings/binding.ts'
import { FIXED_SEED, type HashSeed } from './bindings/keyed-hash.ts'
import { placeLease } from './failover/place-lease.ts'
import { createPools } from './allocation/create-pools.ts'
import type { PoolDrain } from './allocation/pool-drains.ts'
import type { Pools } from './allocation/pools.ts'
import { createClientRequests } from './client-requests/create-client-requests.ts'
import type { EngineConfiguration } from './configuration/configuration.ts'
import type { Effects } from './effects.ts'
import type { EngineEvent } from './events.ts'
import { createFailover } from './failover/create-failover.ts'
import type { EndpointRecord } from './failover/endpoint-record.ts'
import type { Failover } from './failover/failover.ts'
import type { ReservationRecord } from './failover/reservation-agreement.ts'
import { checkInvariants } from './invariants.ts'
import type { EngineSnapshot, PoolSnapshot } from './snapshot.ts'
import { Step } from './step.ts'
import { earliest, type Instant } from './time/instant.ts'

export interface Engine {
  /** Synchronous; never throws for bad input. A thrown error is a broken invariant: stop the process. */
  handle(event: EngineEvent, now: Instant): Effects
  /** When to send `deadline-reached` next. */
  nextDeadline(): Instant | undefined
  snapshot(now: Instant): EngineSnapshot
  /** All that storage has to hold, as it stands in memory. */
  remembered(): Remembered
}

export interface Remembered {
  readonly bindings: Iterable<Binding>
  readonly endpoints: readonly EndpointRecord[]
  readonly reservations: readonly ReservationRecord[]
  readonly drains: readonly PoolDrain[]
}

/** What storage holds at start. */
export interface RestoredState extends Remembered {
  /** When the last commit was made; undefined: an empty store. */
  readonly lastCommitAt: Instant | undefined
  /** Durable "running until", always ahead of the clock; undefined: an empty store. */
  readonly ranUntil: Instant | undefined
}

/** `hashSeed`: by chance in a server, so that nobody can choose leases and clients that are slow to find; it changes no answer. */
export function createEngine(
  configuration: EngineConfiguration,
  restored: RestoredState,
  startedAt: Instant,
  hashSeed: HashSeed = FIXED_SEED,
): Engine {
  // The table asks the policy when a lease is due, and the policy's owner is built upon the table.
  const late: LateFailover = { failover: undefined }
  const table = new BindingTable((binding) => dueAt(binding, late), hashSeed)
  const pools = createPools(configuration, table)
  restoreLeases(restored, configuration, table, pools)
  const built = createFailover({
    configuration,
    table,
    pools,
    restored: new Map(restored.endpoints.map((endpoint) => [endpoint.relationship, endpoint])),
    restoredReservations: new Map(restored.reservations.map((record) => [record.relationship, record])),
    lastCommitAt: restored.lastCommitAt,
    ranUntil: restored.ranUntil,
    startedAt,
  })
  late.failover = built
  table.rescheduleAll()
  const clientRequests = createClientRequests({
    configuration,
    table,
    pools,
    policy: built.policy,
    leftToPrimary: (...asked) => built.leftToPrimary(...asked),
  })

  function route(step: Step, event: EngineEvent): void {
    switch (event.kind) {
      case 'datagram-received':
        clientRequests.receive(step, event)
        break
      case 'stream-opened':
      case 'dial-failed':
      case 'stream-secured':
      case 'stream-closed':
      case 'frame-received':
        built.receive(step, event)
        break
      case 'deadline-reached':
        expireDue(step, table, built.policy)
        built.runDeadlines(step)
        break
      case 'time-gap':
        built.timeGap(step, event.from)
        break
      case 'listeners-changed':
        built.listenersChanged(step, event)
        break
      case 'command-received':
        built.command(step, event)
        break
    }
  }

  return {
    handle(event, now) {
      const step = new Step(now, table)
      built.begin(step)
      route(step, event)
      for (const question of built.takeLeftQuestions(now)) clientRequests.receive(step, question)
      built.announce(step, step.takeToAnnounce())
      return checked(step.effects())
    },
    nextDeadline: () => earliest(table.nextDue(), built.nextDeadline()),
    snapshot: (now) => pictureOf(configuration, built, pools, now),
    remembered: () => ({ bindings: table.all(), drains: pools.drains.all, ...built.remembered() }),
  }
}

interface LateFailover {
  failover: Failover | undefined
}

function dueAt(binding: BindingTimes, { failover }: LateFailover): Instant | undefined {
  return failover === undefined ? binding.statusExpiresAt : failover.policy.mayExpireAt(binding)
}

function checked(effects: Effects): Effects {
  checkInvariants(effects)
  return effects
}

function pictureOf(configuration: EngineConfiguration, built: Failover, pools: Pools, now: Instant): EngineSnapshot {
  return {
    takenAt: now,
    listenersDown: built.blindness.listenersDown,
    blindSince: built.blindness.since,
    relationships: built.snapshot(now),
    pools: snapshotsOf(pools, configuration),
  }
}

function restoreLeases(
  { bindings, drains }: RestoredState,
  configuration: EngineConfiguration,
  table: BindingTable,
  pools: Pools,
): void {
  const subnets = new Map(configuration.subnets.map((subnet) => [subnet.id, subnet]))
  const names = new Set(configuration.relationships.map(({ name }) => name))
  for (const binding of bindings) {
    const home = pools.find(binding.kind, binding.prefix)?.subnet ?? subnets.get(binding.subnetId)
    const placed = placeLease(binding, home, (name) => names.has(name))
    // Of a pool that is no longer proportional: only with a client could the partner be told of it.
    const isUntold = placed.client === undefined && !pools.isShared(placed.kind, placed.prefix)
    table.put(isUntold ? { ...placed, owedToPartner: false } : placed)
  }
  table.sortOwed()
  for (const drain of drains) pools.drains.begin(drain)
}

function snapshotsOf(pools: Pools, configuration: EngineConfiguration): EngineSnapshot['pools'] {
  return [...pools.address, ...pools.prefix].map((pool) =>
    withDrain(pool.snapshot(roleOf(configuration, pool.subnet.relationship)), pools),
  )
}

function withDrain(snapshot: PoolSnapshot, { drains }: Pools): PoolSnapshot {
  const drain = drains.snapshot(snapshot.id)
  return drain === undefined ? snapshot : { ...snapshot, drain }
}

function roleOf(configuration: EngineConfiguration, name: string | undefined): 'primary' | 'secondary' | undefined {
  return configuration.relationships.find((relationship) => relationship.name === name)?.role
}
