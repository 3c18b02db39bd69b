/** Bindings, endpoints and database files for the storage tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { instant, type Binding, type EndpointRecord, type RestoredState, type StorageChange } from '@tandem/engine'
import { duidFromHex, ipv6AddressFromNumber } from '@tandem/protocol'
import { catchUp } from '../commit-log/catch-up.ts'
import type { Commit } from '../commit.ts'
import { openWriteConnection, type Connection } from '../connection.ts'
import { EngineStore } from '../engine-store.ts'
import type { Retention } from '../record-batch.ts'
import { migrate } from '../migrate.ts'
import { restoreEngine } from '../restore-engine.ts'

export interface TestDatabase {
  readonly folder: string
  readonly file: string
  readonly store: EngineStore
  /** The one that the store writes through. */
  readonly connection: Connection
  close(): void
}

export function openTestDatabase(): TestDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-storage-'))
  const file = join(folder, 'test.db')
  const connection = openWriteConnection(file)
  migrate(connection, 1)
  return {
    folder,
    file,
    store: new EngineStore(connection),
    connection,
    close() {
      connection.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Nothing goes by itself. */
export const keepAll: Retention = {
  leaseSeconds: 1e9,
  leaseRows: 1e9,
  eventSeconds: 1e9,
  eventRows: 1e9,
  decisionSeconds: 1e9,
  decisionRows: 1e9,
  poolCount: 1,
}

export interface WholeState extends Omit<RestoredState, 'bindings'> {
  readonly bindings: readonly Binding[]
  readonly lastCommitNumber: number
}

export function restoreFile(file: string): WholeState {
  const connection = openWriteConnection(file)
  try {
    catchUp(connection, file)
    const { state, lastCommitNumber } = restoreEngine(connection)
    return { ...state, bindings: [...state.bindings], lastCommitNumber }
  } finally {
    connection.close()
  }
}

const BASE = 0x2001_0db8_0000_0000_0000_0000_0000_0000n

/** Every optional field is set; times are beyond 32 bits. */
export function fullBinding(number: number): Binding {
  return {
    kind: 'address',
    prefix: { address: ipv6AddressFromNumber(BASE + BigInt(number)), length: 128 },
    subnetId: '2001:db8::/64',
    relationship: 'alpha-beta',
    status: 'ACTIVE',
    client: {
      duid: duidFromHex(`0003000102${number.toString(16).padStart(10, '0')}`),
      iaType: 'IA_NA',
      iaid: 0xffff_fffe,
    },
    statusSince: instant(1_795_232_749_907),
    statusExpiresAt: instant(1_795_232_869_907 + number),
    t1Seconds: 30,
    t2Seconds: 60,
    preferredSeconds: 100,
    validSeconds: 0xffff_ffff,
    lifetimeRule: {
      desiredSeconds: 0xffff_ffff,
      limitedBy: 'configuration',
      rule: 'RFC 8156 4.4',
      state: 'NORMAL',
      mcltSeconds: 3600,
    },
    lifetimeAcked: instant(1_795_232_749_006),
    clientHeardAt: instant(1_795_232_749_001),
    partnerHeardClientAt: instant(1_795_232_749_002),
    expirationTime: instant(1_795_232_749_003),
    ackedPartnerLifetime: instant(1_795_232_749_004),
    partnerLifetime: instant(1_795_232_749_005),
    owedToPartner: true,
    updateSent: true,
    relayData: new Uint8Array([1, 2, 3]),
    clientFqdn: new Uint8Array([0]),
  }
}

/** A free block of prefixes: no optional field is set. */
export function bareBinding(): Binding {
  return {
    kind: 'prefix',
    prefix: { address: ipv6AddressFromNumber(BASE << 1n), length: 41 },
    subnetId: '2001:db8::/64',
    relationship: undefined,
    status: 'FREE-BACKUP',
    client: undefined,
    statusSince: instant(5),
    statusExpiresAt: undefined,
    t1Seconds: 0,
    t2Seconds: 0,
    preferredSeconds: 0,
    validSeconds: 0,
    lifetimeRule: undefined,
    lifetimeAcked: undefined,
    clientHeardAt: undefined,
    partnerHeardClientAt: undefined,
    expirationTime: undefined,
    ackedPartnerLifetime: undefined,
    partnerLifetime: undefined,
    owedToPartner: false,
    updateSent: false,
    relayData: undefined,
    clientFqdn: undefined,
  }
}

export function fullEndpoint(): EndpointRecord {
  return {
    relationship: 'alpha-beta',
    state: 'PARTNER-DOWN',
    previousState: 'COMMUNICATIONS-INTERRUPTED',
    stateSince: instant(1_795_232_749_907),
    partner: {
      state: 'NORMAL',
      since: instant(1_795_232_740_000),
      startup: true,
      ackStartup: false,
      communicated: true,
      partnerDownSince: instant(1_795_232_741_000),
    },
    lastHeardFromPartnerAt: instant(1_795_232_742_000),
    communicated: true,
    mcltSeconds: 3600,
    earlierMclt: { seconds: 7200, until: instant(1_795_232_800_000) },
    handedOver: { since: instant(1_795_232_900_000), operator: 'ann', reason: 'new memory' },
    fullResyncOwed: true,
    timeOfFailure: instant(1_795_232_743_000),
    lastPromiseAt: instant(1_795_232_744_000),
    inContact: true,
    partnerStoppedAt: instant(1_795_232_700_000),
  }
}

export function bareEndpoint(): EndpointRecord {
  return {
    relationship: 'alpha-gamma',
    state: 'RECOVER',
    previousState: undefined,
    stateSince: instant(7),
    partner: undefined,
    lastHeardFromPartnerAt: undefined,
    communicated: false,
    mcltSeconds: 60,
    earlierMclt: undefined,
    handedOver: undefined,
    fullResyncOwed: false,
    timeOfFailure: undefined,
    lastPromiseAt: undefined,
    inContact: false,
    partnerStoppedAt: undefined,
  }
}

export function commitOf(number: number, changes: readonly StorageChange[], more: Partial<Commit> = {}): Commit {
  return { number, changes, atMs: 1000 * number, runningUntilMs: 1000 * number + 3000, promises: true, ...more }
}

export function put(...bindings: readonly Binding[]): readonly StorageChange[] {
  return bindings.map((binding) => ({ kind: 'binding-put', binding }))
}
