/** Whole engines in memory and in a time of their own: one alone, or two with a stream between them that have come to NORMAL. */
import {
  addMs,
  addSeconds,
  createEngine,
  instant,
  type Effects,
  type Engine,
  type EngineEvent,
  type Instant,
  type Role,
} from '@tandem/engine'
import { stampSentTime, toDhcpTime } from '@tandem/protocol'
import { addressOf, benchConfiguration, FOR_RELAYS, ON_LINK, partnerOf, RELATIONSHIP } from './bench-configuration.ts'
import { restoredWith } from './filled-table.ts'

const START: Instant = instant(Date.UTC(2026, 0, 1))
const CONNECTION = 1
const NORMAL_WITHIN_SECONDS = 60
const EVENTS_MAX = 1_000_000

export interface Addressed {
  readonly to: Role
  readonly event: EngineEvent
}

/** Nothing but a step: what it does, and where to. */
export interface EngineServers {
  readonly now: Instant
  /** A server alone is the primary here. */
  handle(role: Role, event: EngineEvent): Effects
  /** What the outputs of `role` become at the other end; frames are stamped as a socket would. */
  delivered(role: Role, effects: Effects): readonly Addressed[]
  /** Hands events over, and those that come of them, until none is left; deadlines that are due among them. */
  settle(events: readonly Addressed[]): void
  wait(ms: number): void
}

export function startAlone(leases: number): EngineServers {
  const engine = createEngine(benchConfiguration(undefined), restoredWith(leases, undefined, START), START)
  return new Servers({ primary: engine })
}

/** `hears`: every event that one of the two takes, from the first connection on. */
export function startPair(leases: number, hears?: (event: EngineEvent) => void): EngineServers {
  const engines = {
    primary: createEngine(benchConfiguration('primary'), restoredWith(leases, 'primary', START), START),
    secondary: createEngine(benchConfiguration('secondary'), restoredWith(leases, 'secondary', START), START),
  }
  const servers = new Servers(engines, hears)
  const until = addSeconds(START, NORMAL_WITHIN_SECONDS)
  servers.settle([])
  while (!servers.areNormal()) {
    if (servers.now > until) throw new Error(`the pair does not come to NORMAL: ${servers.states().join(' / ')}`)
    servers.wait(250)
    servers.settle([])
  }
  return servers
}

/** From a client on the link, or from a relay. */
export function datagram(bytes: Uint8Array, throughRelay: boolean, now: Instant): EngineEvent {
  return {
    kind: 'datagram-received',
    listenerId: throughRelay ? FOR_RELAYS : ON_LINK,
    from: throughRelay ? { address: '2001:db8:1::1', port: 547 } : { address: `fe80::c%${ON_LINK}`, port: 546 },
    bytes,
    arrivedAt: now,
  }
}

class Servers implements EngineServers {
  readonly #engines: Partial<Record<Role, Engine>>
  readonly #hears: ((event: EngineEvent) => void) | undefined
  #now = START

  constructor(engines: Partial<Record<Role, Engine>>, hears?: (event: EngineEvent) => void) {
    this.#engines = engines
    this.#hears = hears
  }

  get now(): Instant {
    return this.#now
  }

  wait(ms: number): void {
    this.#now = addMs(this.#now, ms)
  }

  handle(role: Role, event: EngineEvent): Effects {
    const engine = this.#engines[role]
    if (engine === undefined) throw new Error(`there is no ${role}`)
    this.#hears?.(event)
    return engine.handle(event, this.#now)
  }

  delivered(role: Role, effects: Effects): readonly Addressed[] {
    const to = partnerOf[role]
    return effects.afterCommit.flatMap((output): readonly Addressed[] => {
      switch (output.kind) {
        case 'dial-stream':
          return opened(role, to)
        case 'send-frame':
          stampSentTime(output.bytes, toDhcpTime(this.#now))
          return [{ to, event: frame(output.bytes, this.#now) }]
        case 'close-stream':
          throw new Error(`${role} ended the connection: ${output.reason}`)
        case 'send-datagram':
        case 'secure-stream':
        case 'command-answered':
        case 'shut-down-complete':
          return []
      }
    })
  }

  settle(events: readonly Addressed[]): void {
    const queue = [...events]
    // Not taken off the front: that would move a long queue at every event.
    for (let at = 0; at < EVENTS_MAX; at += 1) {
      const next = queue[at] ?? this.#dueDeadline()
      if (next === undefined) return
      if (queue[at] === undefined) queue.push(next)
      queue.push(...this.delivered(next.to, this.handle(next.to, next.event)))
    }
    throw new Error('the servers do not come to rest')
  }

  states(): readonly string[] {
    return Object.values(this.#engines).flatMap((engine) =>
      engine.snapshot(this.#now).relationships.map(({ state }) => state),
    )
  }

  areNormal(): boolean {
    return this.states().every((state) => state === 'NORMAL')
  }

  #dueDeadline(): Addressed | undefined {
    for (const to of ['primary', 'secondary'] as const) {
      const due = this.#engines[to]?.nextDeadline()
      if (due !== undefined && due <= this.#now) return { to, event: { kind: 'deadline-reached' } }
    }
    return undefined
  }
}

function opened(from: Role, to: Role): readonly Addressed[] {
  const accepted = { direction: 'accepted', peerAddress: addressOf(from), relationship: undefined } as const
  const dialled = { direction: 'dialled', peerAddress: addressOf(to), relationship: RELATIONSHIP } as const
  return [
    { to, event: { kind: 'stream-opened', connection: CONNECTION, ...accepted } },
    { to: from, event: { kind: 'stream-opened', connection: CONNECTION, ...dialled } },
  ]
}

/** As the framer hands it over: without its two size octets. */
function frame(bytes: Uint8Array, arrivedAt: Instant): EngineEvent {
  return { kind: 'frame-received', connection: CONNECTION, bytes: bytes.subarray(2), arrivedAt }
}
