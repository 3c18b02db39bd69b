/** Two Tandem servers in NORMAL with full sync: every REPLY waits for the disk, and every lease is told to the partner. */
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  RELATIONSHIP,
  writePairConfiguration,
  type Lifetimes,
  type PairFiles,
  type ServerName,
  type ServerPlace,
} from '../../e2e/topology/pair-configuration.ts'
import { startTandemServer, tandemProgram, type TandemServer } from '../../e2e/topology/tandem-server.ts'
import { waitUntil } from '../../e2e/topology/wait-until.ts'
import type { YamlValue } from '../../e2e/topology/yaml.ts'
import { DELEGATED_LENGTH, INTERFACE, POOL, PREFIX_POOL, SUBNET, type BenchLink } from './bench-link.ts'
import type { Contestant, Served } from './contestant.ts'

export type Transport = 'tls' | 'insecure'

/** As a user would have them, where failover itself is not tested. */
export const usualTimers = { mclt: '1h', keepalive: '60s', reconnect: '1s' } as const

const START_LIMIT_MS = 60_000
const SETTLE_LIMIT_MS = 120_000

export function tandemPair(transport: Transport): Contestant {
  return {
    key: 'tandem-pair',
    name: `Tandem pair in NORMAL, full sync, failover ${transport === 'tls' ? 'over TLS' : 'without TLS'}`,
    async start(link, folder, serves) {
      const pair = await startTandemPair(link, { folder, transport, serves, relationship: usualTimers })
      const [alpha, beta] = pair
      return {
        processes: [
          { name: 'alpha', program: alpha.program },
          { name: 'beta', program: beta.program },
        ],
        settle: () => settleTandemPair(pair),
        stop: async () => {
          await Promise.all([alpha.program.stop(), beta.program.stop()])
        },
      }
    },
  }
}

export interface TandemPairPlace {
  readonly folder: string
  readonly transport: Transport
  readonly serves: Served
  readonly relationship: Readonly<Record<string, YamlValue>>
  /** Absent: Kea's in the comparison. */
  readonly lifetimes?: Lifetimes
  /** `node.history`; absent: the default. */
  readonly history?: Readonly<Record<string, YamlValue>>
  readonly environmentOf?: (name: ServerName) => Readonly<Record<string, string>>
  /** For stores that hold much already. */
  readonly startLimitMs?: number
}

/** The primary and the secondary. Settles when both are in NORMAL. Their databases may be there already. */
export async function startTandemPair(
  link: BenchLink,
  place: TandemPairPlace,
): Promise<readonly [TandemServer, TandemServer]> {
  const { folder, environmentOf = () => ({}), startLimitMs = START_LIMIT_MS } = place
  const files = writeTandemPair(place)
  const start = (name: ServerName, namespace: BenchLink['one']) =>
    startTandemServer({
      configurationFile: files[name],
      logFile: join(folder, `${name}.log`),
      namespace,
      environment: environmentOf(name),
      startLimitMs,
    })
  const servers = await Promise.all([start('alpha', link.one), start('beta', link.two)])
  await waitUntil('both servers are in NORMAL', startLimitMs, async () =>
    (await Promise.all(servers.map(conditionOf))).every(({ state }) => state === 'normal'),
  )
  return servers
}

/** Both configuration files, and certificates where they are needed. */
export function writeTandemPair(place: TandemPairPlace): PairFiles {
  mkdirSync(place.folder, { recursive: true })
  return writePairConfiguration(place.folder, configuration(place))
}

/** Kea's in this benchmark: T1 after 2000 s, T2 after 3200 s. */
export const lifetimes = { valid: '4000s', preferred: '3200s', t1: 0.625, t2: 1 }

function configuration(pair: TandemPairPlace) {
  const { folder, transport, serves, relationship, history } = pair
  if (transport === 'tls') {
    execFileSync(tandemProgram, ['certificates', '--folder', join(folder, 'certificates')], { stdio: 'ignore' })
  }
  const place = (name: ServerName, address: string): ServerPlace => ({
    interfaces: [INTERFACE],
    apiListen: '127.0.0.1:8067',
    failover: `[${address}]:647`,
    ...(transport === 'tls' ? { tls: certificatesOf(name) } : {}),
    ...(history === undefined ? {} : { history }),
  })
  const prefixPools = [{ prefix: PREFIX_POOL, delegatedLength: DELEGATED_LENGTH }]
  return {
    alpha: place('alpha', '2001:db8:1::a'),
    beta: place('beta', '2001:db8:1::b'),
    subnets: [
      { prefix: SUBNET, interfaces: [INTERFACE], addressPools: [POOL], ...(serves.prefixes ? { prefixPools } : {}) },
    ],
    transport,
    lifetimes: pair.lifetimes ?? lifetimes,
    relationship,
    shortTimers: false,
  }
}

function certificatesOf(name: ServerName) {
  return {
    certificate: `certificates/${name}.pem`,
    key: `certificates/${name}.key`,
    authority: 'certificates/authority.pem',
  }
}

/** The update of the partner is lazy: a rate at which the debt only grew would not be one. Seconds until it was paid. */
export async function settleTandemPair([alpha, beta]: readonly [TandemServer, TandemServer]): Promise<number> {
  const startedAt = Date.now()
  await waitUntil('alpha owes beta nothing', SETTLE_LIMIT_MS, async () => {
    const { state, updatesOwed } = await conditionOf(alpha)
    if (state !== 'normal') throw new Error(`alpha has left NORMAL for ${state}`)
    return updatesOwed === 0
  })
  const { state } = await conditionOf(beta)
  if (state !== 'normal') throw new Error(`beta has left NORMAL for ${state}`)
  return (Date.now() - startedAt) / 1000
}

export interface Condition {
  readonly state: string
  /** To the partner. */
  readonly updatesOwed: number
}

export async function conditionOf(server: TandemServer): Promise<Condition> {
  const { state, updatesOwed } = await server.api.getRelationship({ params: { name: RELATIONSHIP } })
  return { state, updatesOwed: Number(updatesOwed) }
}
