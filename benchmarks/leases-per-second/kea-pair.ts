/** Two kea-dhcp6 with the HA hook, hot-standby, at their best: several threads, and listeners of their own for each other. */
import { join } from 'node:path'
import { waitUntil } from '../../e2e/topology/wait-until.ts'
import type { BenchLink } from './bench-link.ts'
import type { Contestant, Served } from './contestant.ts'
import { startKea, type KeaPlace, type KeaServer } from './kea-server.ts'

export interface KeaTimers {
  readonly heartbeatMs: number
  readonly maxResponseMs: number
  readonly maxAckMs: number
  readonly maxUnackedClients: number
}

/** Nothing of an overload may look like the death of the partner. */
const patient: KeaTimers = { heartbeatMs: 2000, maxResponseMs: 60_000, maxAckMs: 5000, maxUnackedClients: 5 }

const READY_LIMIT_MS = 60_000
const HOT_STANDBY = 'hot-standby'

export const keaPair: Contestant = {
  key: 'kea-pair',
  name: 'kea-dhcp6 pair, HA hot-standby, memfile',
  async start(link, folder, serves) {
    const servers = await startKeaPair(link, { folder, serves, timers: patient })
    const [active, standby] = servers
    return {
      processes: [
        { name: 'active', program: active.program },
        { name: 'standby', program: standby.program },
      ],
      // Each lease is at the partner before its client hears of it: there is no debt, but there may be a quarrel.
      settle: async () => {
        const states = await Promise.all(servers.map(stateOf))
        if (states.some((state) => state !== HOT_STANDBY)) throw new Error(`the Kea pair is ${states.join(' / ')}`)
        return 0
      },
      stop: async () => {
        await Promise.all(servers.map(({ program }) => program.stop()))
      },
    }
  },
}

export interface KeaPairPlace {
  readonly folder: string
  readonly serves: Served
  readonly timers: KeaTimers
}

/** Settles when both are in hot-standby. */
export async function startKeaPair(
  link: BenchLink,
  { folder, serves, timers }: KeaPairPlace,
): Promise<readonly [KeaServer, KeaServer]> {
  const places = keaPairPlaces(link, { folder, serves, timers })
  const servers = await Promise.all([startKea(places.server1), startKea(places.server2)])
  await waitUntil('both Kea servers are in hot-standby', READY_LIMIT_MS, async () =>
    (await Promise.all(servers.map(stateOf))).every((state) => state === HOT_STANDBY),
  )
  return servers
}

/** Once for a link: it gives both namespaces their addresses. Each server has the folder of its name. */
export function keaPairPlaces(
  link: BenchLink,
  { folder, serves, timers }: KeaPairPlace,
): Readonly<Record<'server1' | 'server2', KeaPlace>> {
  // The hook of this version takes addresses of IPv4 without question.
  const addresses = ['10.99.0.1', '10.99.0.2'] as const
  link.addIpv4(link.one, addresses[0])
  link.addIpv4(link.two, addresses[1])
  const place = (name: 'server1' | 'server2', namespace: BenchLink['one']): KeaPlace => {
    const highAvailability = highAvailabilityOf(name, addresses, timers)
    return { namespace, folder: join(folder, name), serves, highAvailability }
  }
  return { server1: place('server1', link.one), server2: place('server2', link.two) }
}

function highAvailabilityOf(name: string, [first, second]: readonly [string, string], timers: KeaTimers) {
  return {
    'this-server-name': name,
    mode: HOT_STANDBY,
    'heartbeat-delay': timers.heartbeatMs,
    'max-response-delay': timers.maxResponseMs,
    'max-ack-delay': timers.maxAckMs,
    'max-unacked-clients': timers.maxUnackedClients,
    'send-lease-updates': true,
    'sync-leases': true,
    'sync-page-limit': 10_000,
    'sync-timeout': 600_000,
    'multi-threading': {
      'enable-multi-threading': true,
      'http-dedicated-listener': true,
      'http-listener-threads': 2,
      'http-client-threads': 2,
    },
    peers: [
      { name: 'server1', url: `http://${first}:8081/`, role: 'primary' },
      { name: 'server2', url: `http://${second}:8081/`, role: 'standby' },
    ],
  }
}

/** Its state in the relationship, as `status-get` tells it. */
export async function stateOf(server: KeaServer): Promise<string> {
  return stateIn(await server.command('status-get'))
}

export function stateIn(status: unknown): string {
  const [relationship] = listIn(field(status, 'high-availability'))
  const state = field(field(field(relationship, 'ha-servers'), 'local'), 'state')
  if (typeof state !== 'string') throw new Error(`no state in ${JSON.stringify(status)}`)
  return state
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (Object.entries(value).find(([key]) => key === name) ?? [])[1]
    : undefined
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
