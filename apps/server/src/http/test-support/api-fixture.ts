/** For tests: the whole API on a free port, with a real temporary database and an engine that the test moves by hand. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { instant } from '@tandem/engine'
import type {
  Command,
  CommandResult,
  Notice,
  PoolCommand,
  RelationshipConfiguration,
  RelationshipSnapshot,
} from '@tandem/engine'
import type { ScopePermission } from '@tandem/api-contract'
import { makePrefix, parseIpv6Address } from '@tandem/protocol'
import type { Ipv6Address } from '@tandem/protocol'
import type { PartnerLink, ServerConfiguration } from '../../configuration/server-configuration.ts'
import type { EngineService, PublishedNotice, PublishedView } from '../../engine/engine-service.ts'
import { EventCounter, noEvents } from '../../engine/event-counts.ts'
import type { LogFields } from '../../observability/log.ts'
import { putLeases } from '../../storage/test-support/put-leases.ts'
import { openConsoleDatabase } from '../../storage/console-database.ts'
import type { ConsoleDatabase } from '../../storage/console-database.ts'
import { insertApiToken } from '../../storage/api-tokens.queries.ts'
import { openStorage } from '../../storage/open-storage.ts'
import { removeTestStorage, testStorageUrl } from '../../storage/test-support/test-storage.ts'
import { startApi } from '../start-api.ts'
import type { ApiOptions } from '../start-api.ts'
import { noCommands } from './no-commands.ts'

export interface LogLine {
  readonly id: string
  readonly message: string
  readonly fields: LogFields
}

export interface FakeEngine extends EngineService {
  readonly commands: { readonly commandId: string; readonly operator: string; readonly command: Command }[]
  /** What the next command is answered. */
  answer: CommandResult
  show(relationship: Partial<RelationshipSnapshot>): void
  /** So many pools, of which each has leased so many. */
  showPools(count: number, leased: bigint): void
  tell(notice: Notice): void
}

export interface ApiFixture {
  readonly url: string
  readonly options: ApiOptions
  readonly engine: FakeEngine
  readonly database: ConsoleDatabase
  readonly folder: string
  readonly log: readonly LogLine[]
  /** Secret of a fresh API token. */
  token(role: string, scope?: readonly ScopePermission[]): Promise<string>
  get(path: string, token?: string): Promise<Response>
  /** With a fresh Idempotency-Key unless the headers bring one. */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>
  putLeases(leases: Parameters<typeof putLeases>[2]): Promise<void>
  /** Ends this process's API and starts another on the same database. */
  restart(): Promise<ApiFixture>
  close(): Promise<void>
}

export async function startTestApi(
  folder = mkdtempSync(join(tmpdir(), 'tandem-api-')),
  link: Partial<PartnerLink> = {},
): Promise<ApiFixture> {
  const storageUrl = await testStorageUrl(folder, 'beta')
  const configuration = testConfiguration(storageUrl, { ...partnerLink, ...link })
  const storage = await openStorage(storageUrl, Date.now())
  const { serverDuid } = storage
  await storage.close()
  const database = await openConsoleDatabase(storageUrl)
  const consoleFolder = join(folder, 'console')
  const engine = fakeEngine()
  const log: LogLine[] = []
  const options: ApiOptions = {
    configuration,
    engineService: engine,
    consoleDatabase: database,
    serverFacts: { version: '0.0.0', duid: serverDuid, configurationRevision: 3, startedAtMs: Date.now() - 5_000 },
    log: { write: (_level, id, message, fields = {}) => void log.push({ id, message, fields }) },
    consoleFolder,
  }
  const api = await startApi(options)
  const stop = async (): Promise<void> => {
    await api.close()
    await database.close()
  }
  return {
    url: api.url,
    options,
    engine,
    database,
    folder,
    log,
    token: async (role, scope) => {
      const token = {
        name: `${role}-${randomUUID()}`,
        role,
        createdBy: 'test',
        ...(scope === undefined ? {} : { scope }),
        nowMs: Date.now(),
        expiresAtMs: undefined,
      }
      return (await insertApiToken(database, token)).secret
    },
    get: async (path, token) =>
      fetch(api.url + path, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    post: async (path, body, headers = {}) =>
      fetch(api.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers },
        body: JSON.stringify(body),
      }),
    putLeases: async (leases) => putLeases(storageUrl, database, leases),
    restart: async () => {
      await stop()
      return startTestApi(folder, link)
    },
    close: async () => {
      await stop()
      await removeTestStorage(storageUrl)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What a build of the console would have left. */
export function writeConsole(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
}

function fakeEngine(): FakeEngine {
  let view = firstView()
  const counted = new EventCounter()
  const viewListeners = new Set<(view: PublishedView) => void>()
  const noticeListeners = new Set<(notices: readonly PublishedNotice[]) => void>()
  const commands: FakeEngine['commands'] = []
  const showDrain = (operator: string, { kind, pool, reason }: PoolCommand): void => {
    const since = instant(Date.now())
    const drain = { since, operator, reason, leasesLeft: 2, reservedInUse: 1, lastEndAt: instant(since + 60_000) }
    const pools = view.snapshot.pools.map((each) =>
      each.id === pool ? { ...each, drain: kind === 'drain-pool' ? drain : undefined } : each,
    )
    view = { ...view, commitNumber: view.commitNumber + 1, snapshot: { ...view.snapshot, pools } }
    for (const listener of viewListeners) listener(view)
  }
  const engine: FakeEngine = {
    commands,
    answer: { ok: true, detail: 'done' },
    view: () => ({ ...view, publishedAtMs: Date.now() }),
    command: async (commandId, operator, command) => {
      commands.push({ commandId, operator, command })
      if (!engine.answer.ok) return engine.answer
      if (command.kind === 'drain-pool' || command.kind === 'stop-draining') showDrain(operator, command)
      else engine.show({ state: 'PARTNER-DOWN', previousState: 'COMMUNICATIONS-INTERRUPTED' })
      return engine.answer
    },
    untilListsShow: async () => true,
    onView: (listener) => {
      viewListeners.add(listener)
      return () => viewListeners.delete(listener)
    },
    onNotices: (listener) => {
      noticeListeners.add(listener)
      return () => noticeListeners.delete(listener)
    },
    show: (changes) => {
      const [relationship] = view.snapshot.relationships
      if (relationship === undefined) throw new Error('there is always one')
      const relationships = [{ ...relationship, ...changes }]
      view = { ...view, commitNumber: view.commitNumber + 1, snapshot: { ...view.snapshot, relationships } }
      for (const listener of viewListeners) listener(view)
    },
    showPools: (count, leased) => {
      const pools = Array.from({ length: count }, (_, number) => ({ ...bigPool, id: `pool ${number}`, leased }))
      view = { ...view, commitNumber: view.commitNumber + 1, snapshot: { ...view.snapshot, pools } }
      for (const listener of viewListeners) listener(view)
    },
    tell: (notice) => {
      counted.noticed(notice)
      view = { ...view, counters: { ...view.counters, events: counted.read() } }
      const told = [{ commitNumber: view.commitNumber, atMs: Date.now(), notice }]
      for (const listener of noticeListeners) listener(told)
    },
  }
  return engine
}

function firstView(): PublishedView {
  const now = Date.now()
  return {
    commitNumber: 7,
    publishedAtMs: now,
    snapshot: {
      takenAt: instant(now),
      listenersDown: [],
      blindSince: undefined,
      relationships: [relationship(now)],
      pools: [bigPool],
    },
    certificates: [],
    counters: {
      datagramsReceived: 10,
      datagramsSent: 9,
      datagramsUnanswered: { 'failover-state': 1 },
      receivedByType: { SOLICIT: 5, REQUEST: 5 },
      sentByType: { ADVERTISE: 5, REPLY: 4 },
      framesReceived: 1,
      framesSent: 1,
      framesMalformed: 0,
      partnerMessages: [{ relationship: 'main', direction: 'received', type: 'STATE', count: 1 }],
      commits: 7,
      commitLatencyMsMedian: 1.5,
      commitLatencyMsMax: 4,
      commitLatency: {
        sumMs: 12,
        buckets: [
          { upToMs: 1, count: 2 },
          { upToMs: 5, count: 7 },
        ],
      },
      events: noEvents,
    },
  }
}

const bigPool = {
  id: '2001:db8:1::-2001:db8:1::ffff:ffff:ffff:ffff',
  subnetId: '2001:db8:1::/64',
  kind: 'address',
  relationship: 'main',
  delegatedLength: undefined,
  total: 1n << 64n,
  leased: 2n,
  ownFree: (1n << 63n) - 1n,
  partnerFree: (1n << 63n) - 1n,
  quarantined: 0n,
  waiting: 0n,
  reserved: 0n,
} as const

function relationship(now: number): RelationshipSnapshot {
  return {
    name: 'main',
    role: 'secondary',
    partnerName: 'alpha',
    state: 'COMMUNICATIONS-INTERRUPTED',
    stateSince: instant(now - 60_000),
    previousState: 'NORMAL',
    answers: 'everyone',
    activeStandby: false,
    blind: undefined,
    partner: {
      state: 'NORMAL',
      since: instant(now - 600_000),
      startup: false,
      ackStartup: false,
      communicated: true,
      partnerDownSince: undefined,
    },
    communicationsOk: false,
    lastHeardFromPartnerAt: instant(now - 65_000),
    connection: { phase: 'listening', since: instant(now - 60_000), secured: false, lastProblem: undefined },
    partnerInformed: false,
    clockSkewMs: undefined,
    unansweredClients: { count: 0, alarmAt: 5, alarm: false },
    mcltSeconds: 60,
    updatesOwed: 4,
    oldestUpdateOwedSince: undefined,
    updatesUnacked: 0,
    partnerMaxUnackedUpdates: 100,
    resync: undefined,
    deadlines: [],
    imbalances: undefined,
    handedOver: undefined,
    commands: {
      ...noCommands,
      declarePartnerDown: { allowed: true, needsForce: false, because: 'alpha is not in contact' },
    },
  }
}

function address(text: string): Ipv6Address {
  const parsed = parseIpv6Address(text)
  if (parsed === undefined) throw new Error(`${text} is no address`)
  return parsed
}

const testRelationship: RelationshipConfiguration = {
  name: 'main',
  role: 'secondary',
  partnerName: 'alpha',
  partnerAddress: address('::1'),
  transport: 'tls',
  mcltSeconds: 60,
  keepaliveSeconds: 8,
  contactsPerKeepalive: 4,
  startupSeconds: 5,
  initialState: 'recover',
  reconnectSeconds: 5,
  reconnectAfterRefusalSeconds: 30,
  maxUnackedUpdates: 100,
  acknowledgementStallSeconds: undefined,
  upddoneStallSeconds: 60,
  autoPartnerDownSeconds: undefined,
  fixedPrefixLength: true,
  secondaryPrefixShare: 0.5,
  prefixRebalanceThreshold: 0.1,
  doubleLease: 'latest',
  activeStandby: false,
  unansweredClientSeconds: 10,
  unansweredClientsAlarm: 5,
}

const partnerLink: PartnerLink = {
  relationship: 'main',
  role: 'secondary',
  localAddress: '::1',
  localPort: 6_472,
  partnerAddress: '::1',
  partnerPort: 6_471,
  transport: 'tls',
  tls: undefined,
  channel: undefined,
  partnerConsoleUrl: 'http://127.0.0.1:8067',
}

function testConfiguration(storageUrl: string, link: PartnerLink): ServerConfiguration {
  return {
    node: {
      name: 'beta',
      storageUrl,
      clientListeners: [{ id: 'lo', kind: 'unicast', address: '::1', port: 10_547, replyTo: 'source' }],
      partnerLinks: [link],
      api: { host: '127.0.0.1', port: 0, tls: undefined },
      metrics: { isOpen: false, keaNames: true },
      history: {
        leaseSeconds: 1e9,
        leaseRows: 1e9,
        eventSeconds: 1e9,
        eventRows: 1e9,
        decisionSeconds: 1e9,
        decisionRows: 1e9,
      },
    },
    engine: {
      serverName: 'beta',
      listeners: [],
      subnets: [
        {
          id: '2001:db8:1::/64',
          prefix: makePrefix(address('2001:db8:1::'), 64),
          interfaceNames: [],
          relationship: 'main',
          addressPools: [],
          prefixPools: [],
          lifetimes: { validSeconds: 120, preferredSeconds: 120, t1Fraction: 0.25, t2Fraction: 0.5 },
          rapidCommit: false,
          dnsServers: [],
          reservations: [],
          domainSearch: [],
        },
      ],
      relationships: [testRelationship],
    },
    source: { file: '/etc/tandem/beta.yaml', text: 'node: {}', sha256: 'ab'.repeat(32) },
    warnings: ['Short timers are allowed.'],
  }
}
