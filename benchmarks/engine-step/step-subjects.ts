/** The steps that are timed, in the order in which one run takes them: each uses what the ones before have left. */
import type { Effects, EngineEvent, Role } from '@tandem/engine'
import type { Duid } from '@tandem/protocol'
import { serverDuids, UPDATE_WINDOW } from '../engines/bench-configuration.ts'
import { answerIn, relayed, renewOf, requestOf, solicitOf, type Asked } from '../engines/client-octets.ts'
import { datagram, type Addressed, type EngineServers } from '../engines/engine-servers.ts'
import { leaseOf } from '../engines/filled-table.ts'

/** One kind of step, taken once for each client of a batch. */
export interface TimedBatch {
  readonly step: string
  readonly steps: number
  readonly nanoseconds: number
  /** The octets that went in and came out, for the time that the codec alone needs. */
  readonly taken: readonly EngineEvent[]
  readonly given: readonly Effects[]
}

export interface BatchPlan {
  readonly servers: EngineServers
  readonly isPair: boolean
  /** Restored leases: the clients 0 to this one hold one. */
  readonly leases: number
  readonly clients: number
  /** Never used before. */
  readonly firstNewClient: number
  /** In milliseconds. */
  readonly clock: () => number
}

/** No more clients in a batch than updates may be on their way, so that each change is told at once. */
export const CLIENTS_MAX = UPDATE_WINDOW

const serverOfLeases: Duid = serverDuids.primary

export function timeBatch(plan: BatchPlan): readonly TimedBatch[] {
  const newClients = Array.from({ length: plan.clients }, (_, index) => plan.firstNewClient + index)
  const holders = newClients.map((client) => client % plan.leases)
  const batch = new Batch(plan)
  const renewed = batch.clients('RENEW', holders, (client) => renewOf(client, serverOfLeases, leaseOf(client)), false)
  batch.settle(renewed, 'RENEW')
  acquire(batch, newClients, { asked: 'address', throughRelay: false, name: '' })
  acquire(batch, newClients.map(nextBlock(plan, 1)), { asked: 'address', throughRelay: true, name: ', relayed' })
  acquire(batch, newClients.map(nextBlock(plan, 2)), { asked: 'prefix', throughRelay: false, name: ' of a prefix' })
  return batch.timed
}

/** How many client numbers one batch uses up. */
export function clientsUsed(clients: number): number {
  return 3 * clients
}

function nextBlock({ clients }: BatchPlan, block: number): (client: number) => number {
  return (client) => client + block * clients
}

interface Manner {
  readonly asked: Asked
  readonly throughRelay: boolean
  readonly name: string
}

function acquire(batch: Batch, clients: readonly number[], { asked, throughRelay, name }: Manner): void {
  const wrap = (client: number, octets: Uint8Array): Uint8Array => (throughRelay ? relayed(client, octets) : octets)
  const offers = batch.clients(
    `SOLICIT${name}`,
    clients,
    (client) => wrap(client, solicitOf(client, asked)),
    throughRelay,
  )
  const advertised = offers.map((effects) => answerIn(datagramIn(effects)))
  const request = (client: number, index: number): Uint8Array => {
    const advertise = advertised[index]
    if (advertise === undefined) throw new Error(`client ${client} got no ADVERTISE`)
    return wrap(client, requestOf(client, advertise))
  }
  batch.settle(batch.clients(`REQUEST${name}`, clients, request, throughRelay), `REQUEST${name}`)
}

class Batch {
  readonly timed: TimedBatch[] = []
  readonly #plan: BatchPlan

  constructor(plan: BatchPlan) {
    this.#plan = plan
  }

  clients(
    step: string,
    clients: readonly number[],
    octetsOf: (client: number, index: number) => Uint8Array,
    throughRelay: boolean,
  ): readonly Effects[] {
    const { now } = this.#plan.servers
    const events = clients.map((client, index) => datagram(octetsOf(client, index), throughRelay, now))
    const effects = this.#time(step, 'primary', events)
    for (const each of effects) datagramIn(each)
    return effects
  }

  /** The changes go to the partner, and its answers back; both are timed. Whatever follows of that is not. */
  settle(changes: readonly Effects[], after: string): void {
    const { servers, isPair } = this.#plan
    if (isPair) {
      const updates = changes.flatMap((effects) => servers.delivered('primary', effects))
      const answered = this.#time(`BNDUPD received after ${after}`, 'secondary', updates.map(eventOf))
      const replies = answered.flatMap((effects) => servers.delivered('secondary', effects))
      const done = this.#time(`BNDREPLY received after ${after}`, 'primary', replies.map(eventOf))
      servers.settle(done.flatMap((effects) => servers.delivered('primary', effects)))
    }
    servers.wait(1)
    servers.settle([])
  }

  #time(step: string, role: Role, events: readonly EngineEvent[]): readonly Effects[] {
    const { servers, clock } = this.#plan
    if (events.length < this.#plan.clients) {
      throw new Error(`${step}: only ${events.length} of ${this.#plan.clients} clients came so far`)
    }
    const given: Effects[] = []
    const startedAt = clock()
    for (const event of events) given.push(servers.handle(role, event))
    const nanoseconds = (clock() - startedAt) * 1e6
    this.timed.push({ step, steps: events.length, nanoseconds, taken: events, given })
    return given
  }
}

function eventOf({ event }: Addressed): EngineEvent {
  return event
}

function datagramIn(effects: Effects): Uint8Array {
  for (const output of effects.afterCommit) if (output.kind === 'send-datagram') return output.bytes
  throw new Error(`a client was not answered: ${JSON.stringify(effects.notices)}`)
}
