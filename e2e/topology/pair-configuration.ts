/** The two configuration files of a pair under test, written as its operator would write them. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toYaml, type YamlValue } from './yaml.ts'

export const serverNames = ['alpha', 'beta'] as const
export type ServerName = (typeof serverNames)[number]

export const RELATIONSHIP = 'alpha-beta'

/** Where one server stands. */
export interface ServerPlace {
  readonly interfaces?: readonly YamlValue[]
  readonly listeners?: readonly {
    readonly address: string
    readonly port?: number
    readonly replyTo?: 'relay-port' | 'source'
  }[]
  /** Loopback: plain HTTP is allowed nowhere else. */
  readonly apiListen: string
  /** Its end of the failover connection, `[address]:port`. */
  readonly failover: string
  /** Where it answers the partner's console, `[address]:port`; needs `tls`. Absent on either: there is no private channel. */
  readonly channel?: string
  /** Of the transport tls. */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly authority: string }
  /** Absent: as much is kept of what explains as by default. */
  readonly history?: Readonly<Record<string, YamlValue>>
}

export interface SubnetText {
  readonly prefix: string
  readonly interfaces?: readonly string[]
  /** `false`: served by each server alone. */
  readonly inPair?: boolean
  readonly addressPools?: readonly string[]
  readonly prefixPools?: readonly { readonly prefix: string; readonly delegatedLength: number }[]
  readonly rapidCommit?: boolean
}

export interface Lifetimes {
  readonly valid: string
  readonly preferred: string
  /** Fractions of the preferred lifetime. */
  readonly t1: number
  readonly t2: number
}

export interface PairConfiguration {
  readonly alpha: ServerPlace
  readonly beta: ServerPlace
  readonly subnets: readonly SubnetText[]
  readonly transport: 'tls' | 'insecure'
  readonly lifetimes: Lifetimes
  /** Added to, or in place of, `quickRelationship`. */
  readonly relationship?: Readonly<Record<string, YamlValue>>
  /** Absent: short timers are allowed, as most tests need them. */
  readonly shortTimers?: boolean
}

/** Every wait of a pair is real and over within seconds. */
export const quickRelationship = {
  mclt: '60s',
  keepalive: '8s',
  contactsPerKeepalive: 4,
  startup: '3s',
  reconnect: '1s',
  reconnectAfterRefusal: '2s',
} as const

export interface PairFiles {
  readonly alpha: string
  readonly beta: string
}

/** Writes `alpha.yaml` and `beta.yaml` into the folder; each server's database will be in a folder of its own beside them. */
export function writePairConfiguration(folder: string, pair: PairConfiguration): PairFiles {
  const write = (name: ServerName): string => {
    mkdirSync(join(folder, name), { recursive: true })
    const file = join(folder, `${name}.yaml`)
    writeFileSync(file, configurationText(name, pair))
    return file
  }
  return { alpha: write('alpha'), beta: write('beta') }
}

/** Of all that a server's storage is, behind the name of its file: database, its log and index, and the commit log. */
export const storageSuffixes = ['', '-wal', '-shm', '-commits'] as const

export function storageFile(folder: string, name: ServerName): string {
  return join(folder, name, 'tandem.db')
}

export function configurationText(name: ServerName, pair: PairConfiguration): string {
  const partnerName = name === 'alpha' ? 'beta' : 'alpha'
  const place = pair[name]
  const { transport, relationship = {}, lifetimes, shortTimers = true } = pair
  return toYaml({
    node: {
      name,
      storage: `file:./${name}/tandem.db`,
      interfaces: place.interfaces,
      listeners: place.listeners?.map((listener) => ({ ...listener })),
      api: { listen: place.apiListen },
      partners: [
        {
          relationship: RELATIONSHIP,
          local: place.failover,
          partner: pair[partnerName].failover,
          ...channelOf(place, pair[partnerName]),
          tls: place.tls === undefined ? undefined : { ...place.tls, acceptedNames: [partnerName] },
        },
      ],
      history: place.history,
    },
    relationships: [
      { name: RELATIONSHIP, primary: 'alpha', secondary: 'beta', transport, ...quickRelationship, ...relationship },
    ],
    defaults: { lifetimes: { ...lifetimes } },
    subnets: pair.subnets.map(({ inPair = true, prefixPools, ...subnet }) => ({
      ...subnet,
      relationship: inPair ? RELATIONSHIP : undefined,
      prefixPools: prefixPools?.map((pool) => ({ ...pool })),
    })),
    testing: shortTimers ? { shortTimers } : undefined,
  })
}

function channelOf({ channel: local }: ServerPlace, { channel: partner, apiListen }: ServerPlace) {
  return local === undefined || partner === undefined
    ? {}
    : { channel: { local, partner }, console: `http://${apiListen}` }
}
