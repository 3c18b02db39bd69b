/** Two servers on the loopback interface, without namespaces: ports of their own, a folder of their own, ended as a whole. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { createSocket } from 'node:dgram'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Relationship } from '@tandem/api-contract'
import {
  configurationText,
  RELATIONSHIP,
  storageFile,
  type Lifetimes,
  type PairConfiguration,
  type ServerName,
  type ServerPlace,
  type SubnetText,
} from '../topology/pair-configuration.ts'
import { waitUntil } from '../topology/wait-until.ts'
import type { YamlValue } from '../topology/yaml.ts'
import { LoopbackServer, type StartWish } from './loopback-server.ts'

/** The links of the simulated relay: an address in each is what it calls itself there. */
export const LOAD_LINK = '2001:db8:1::1'
export const QUIET_LINK = '2001:db8:2::1'

/** What a pair has unless its test wants something else. */
export const subnetsOfPair: readonly SubnetText[] = [
  {
    prefix: '2001:db8:1::/64',
    addressPools: ['2001:db8:1::1000-2001:db8:1::107f'],
    prefixPools: [{ prefix: '2001:db8:8000::/51', delegatedLength: 56 }],
  },
  {
    prefix: '2001:db8:2::/64',
    addressPools: ['2001:db8:2::1000-2001:db8:2::100f'],
    prefixPools: [{ prefix: '2001:db8:9000::/54', delegatedLength: 56 }],
  },
]

export interface LoopbackPairWish {
  /** In the name of the folder. */
  readonly name: string
  readonly relationship?: Readonly<Record<string, YamlValue>>
  readonly lifetimes?: Lifetimes
  readonly subnets?: readonly SubnetText[]
  /** With a private channel between the consoles; needs `tls`, for failover or for it alone. */
  readonly channel?: true
  /** The primary dials this port of ::1 instead of its partner's: somebody stands between them. */
  readonly dialledPort?: number
  /** What each server's own file says of it; insecure unless a test wants something else. */
  readonly transportOf?: (name: ServerName) => TransportOfServer
}

export type TransportOfServer =
  /** `tls`: of the private channel alone. */
  | { readonly transport: 'insecure'; readonly tls?: NonNullable<ServerPlace['tls']> }
  | { readonly transport: 'tls'; readonly tls: NonNullable<ServerPlace['tls']> }

export interface LoopbackPair {
  readonly folder: string
  readonly alpha: LoopbackServer
  readonly beta: LoopbackServer
  readonly servers: readonly [LoopbackServer, LoopbackServer]
  server(name: ServerName): LoopbackServer
  start(wish?: StartWish): Promise<void>
  untilNormal(limitMs: number): Promise<void>
  /** Both in NORMAL, and nothing owed by either. */
  untilSettled(limitMs: number): Promise<void>
  untilState(name: ServerName, states: readonly string[], limitMs: number): Promise<string>
  /** Ends what still runs; the folder stays for whoever looks into a failure. */
  end(): Promise<void>
  remove(): void
}

export async function makeLoopbackPair(wish: LoopbackPairWish): Promise<LoopbackPair> {
  const folder = mkdtempSync(join(tmpdir(), `tandem-${wish.name}-`))
  const ports = await freePorts()
  const configuration = pairOf(wish, ports)
  const place = (name: ServerName): LoopbackServer => {
    mkdirSync(join(folder, name), { recursive: true })
    const configurationFile = join(folder, `${name}.yaml`)
    writeFileSync(configurationFile, configurationText(name, configuration(name)))
    const logFile = join(folder, `${name}.log`)
    return new LoopbackServer({
      name,
      configurationFile,
      storageFile: storageFile(folder, name),
      logFile,
      clientPort: ports[name].client,
      apiPort: ports[name].api,
      failoverPort: ports[name].failover,
    })
  }
  return describePair(folder, place('alpha'), place('beta'))
}

function describePair(folder: string, alpha: LoopbackServer, beta: LoopbackServer): LoopbackPair {
  const servers = [alpha, beta] as const
  const server = (name: ServerName): LoopbackServer => (name === 'alpha' ? alpha : beta)
  return {
    folder,
    alpha,
    beta,
    servers,
    server,
    async start(wish) {
      await Promise.all(servers.map((each) => each.start(wish)))
    },
    untilNormal: (limitMs) => untilViews(servers, 'both servers in NORMAL', limitMs, ({ state }) => state === 'normal'),
    untilSettled: (limitMs) =>
      untilViews(servers, 'both servers in NORMAL with nothing owed', limitMs, ({ state, updatesOwed, resync }) => {
        return state === 'normal' && updatesOwed === '0' && resync === null
      }),
    async untilState(name, states, limitMs) {
      return waitUntil(`${name} in ${states.join(' or ')}`, limitMs, async () => {
        const { state } = await server(name).relationship(RELATIONSHIP)
        if (states.includes(state)) return state
        throw new Error(`it is in ${state}`)
      })
    },
    async end() {
      await Promise.all(servers.filter((each) => each.isRunning).map((each) => each.stop()))
    },
    remove() {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilViews(
  servers: readonly LoopbackServer[],
  what: string,
  limitMs: number,
  isSo: (view: Relationship) => boolean,
): Promise<void> {
  await waitUntil(what, limitMs, async () => {
    const views = await Promise.all(servers.map((each) => each.relationship(RELATIONSHIP)))
    if (views.every(isSo)) return true
    throw new Error(JSON.stringify(views.map(({ state, updatesOwed, resync }) => ({ state, updatesOwed, resync }))))
  })
}

interface Ports {
  readonly client: number
  readonly failover: number
  readonly api: number
  readonly channel: number
}

/** What each server's own file says: with somebody between them, each knows another address of its partner. */
function pairOf(
  { relationship, lifetimes, subnets = subnetsOfPair, channel, dialledPort, transportOf }: LoopbackPairWish,
  ports: Readonly<Record<ServerName, Ports>>,
): (name: ServerName) => PairConfiguration {
  const placeOf = (name: ServerName, failoverPort: number) => ({
    listeners: [{ address: '::1', port: ports[name].client, replyTo: 'source' as const }],
    apiListen: `127.0.0.1:${ports[name].api}`,
    failover: `[::1]:${failoverPort}`,
    ...(channel === undefined ? {} : { channel: `[::1]:${ports[name].channel}` }),
  })
  const tlsOf = (name: ServerName): Pick<ServerPlace, 'tls'> => {
    const wish = transportOf?.(name)
    return wish?.tls === undefined ? {} : { tls: wish.tls }
  }
  return (name) => ({
    alpha: { ...placeOf('alpha', ports.alpha.failover), ...tlsOf('alpha') },
    beta: {
      ...placeOf('beta', name === 'alpha' ? (dialledPort ?? ports.beta.failover) : ports.beta.failover),
      ...tlsOf('beta'),
    },
    subnets,
    transport: transportOf?.(name).transport ?? 'insecure',
    lifetimes: lifetimes ?? { valid: '120s', preferred: '120s', t1: 0.25, t2: 0.5 },
    ...(relationship === undefined ? {} : { relationship }),
  })
}

/** Held open all at once, so that no port comes twice. */
async function freePorts(): Promise<Readonly<Record<ServerName, Ports>>> {
  const held = await Promise.all([
    holdUdp(),
    holdUdp(),
    holdTcp('::1'),
    holdTcp('::1'),
    holdTcp('127.0.0.1'),
    holdTcp('127.0.0.1'),
    holdTcp('::1'),
    holdTcp('::1'),
  ])
  await Promise.all(held.map((port) => port.release()))
  const [alphaClient, betaClient, alphaFailover, betaFailover, alphaApi, betaApi, alphaChannel, betaChannel] = held.map(
    ({ port }) => port,
  )
  const given = (port: number | undefined): number => port ?? 0
  return {
    alpha: {
      client: given(alphaClient),
      failover: given(alphaFailover),
      api: given(alphaApi),
      channel: given(alphaChannel),
    },
    beta: {
      client: given(betaClient),
      failover: given(betaFailover),
      api: given(betaApi),
      channel: given(betaChannel),
    },
  }
}

interface HeldPort {
  readonly port: number
  release(): Promise<void>
}

function holdTcp(host: string): Promise<HeldPort> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ host, port: 0 }, () => {
      const address = server.address()
      const port = address !== null && typeof address === 'object' ? address.port : 0
      resolve({ port, release: () => new Promise((done) => server.close(() => done())) })
    })
  })
}

function holdUdp(): Promise<HeldPort> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp6')
    socket.once('error', reject)
    socket.bind(0, '::1', () => {
      const { port } = socket.address()
      resolve({ port, release: () => new Promise((done) => socket.close(() => done())) })
    })
  })
}
