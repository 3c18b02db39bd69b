/** The bindings in a server's storage as another program finds them: read from a copy, with SQLite itself and not with our storage. */
import { copyFileSync, cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { duidFromBytes, formatIpv6Address, ipv6AddressFromBytes, type Duid } from '@tandem/protocol'
import { readLoggedBindings, type LoggedRow } from './read-commit-log.ts'

export interface StoredBinding {
  /** As a client would write it: an address, or a prefix with its length. */
  readonly lease: string
  readonly status: string
  readonly client: Duid | undefined
  readonly iaid: number | undefined
  readonly iaType: string | undefined
  readonly statusExpiresAtMs: number | undefined
  readonly partnerHeardClientAtMs: number | undefined
  readonly owedToPartner: boolean
  /** When this server last took a RELEASE for it, by the lease history; its last moments are not in there yet. */
  readonly releasedAtMs: number | undefined
}

/**
 * What the storage of a dead server holds: the copy is recovered from database and write-ahead log, without the shared
 * index that dies with the processes; what the commit log holds beyond it comes on top.
 */
export function readStoredBindings(storageFile: string): ReadonlyMap<string, StoredBinding> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-look-'))
  try {
    const copy = join(folder, basename(storageFile))
    for (const suffix of ['', '-wal']) {
      if (existsSync(storageFile + suffix)) copyFileSync(storageFile + suffix, copy + suffix)
    }
    const commits = `${copy}-commits`
    if (existsSync(`${storageFile}-commits`)) cpSync(`${storageFile}-commits`, commits, { recursive: true })
    const database = new DatabaseSync(copy)
    const statement = database.prepare('SELECT * FROM "Binding"')
    statement.setReadBigInts(true)
    const releases = readReleases(database)
    const stored = new Map<string, LoggedRow>(statement.all().map((row) => [toBinding(row, releases).lease, row]))
    database.close()
    for (const row of readLoggedBindings(commits)) {
      const { lease } = toBinding(row, releases)
      if (Number(row['commitNumber']) >= Number(stored.get(lease)?.['commitNumber'] ?? 0)) stored.set(lease, row)
    }
    return new Map([...stored].map(([lease, row]) => [lease, toBinding(row, releases)]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readReleases(database: DatabaseSync): ReadonlyMap<string, number> {
  const statement = database.prepare(
    `SELECT "lease", max("at") AS "at" FROM "LeaseChange" WHERE "toStatus" = 'RELEASED' AND "cause" = 'client' GROUP BY "lease"`,
  )
  return new Map(statement.all().map(({ lease, at }) => [text(lease), Number(at)]))
}

function toBinding(row: Readonly<Record<string, unknown>>, releases: ReadonlyMap<string, number>): StoredBinding {
  const address = formatIpv6Address(ipv6AddressFromBytes(octets(row['address'])))
  const length = optionalNumber(row['length']) ?? 128
  const lease = row['kind'] === 'address' ? address : `${address}/${length}`
  return {
    lease,
    releasedAtMs: releases.get(lease),
    status: text(row['status']),
    client: row['clientDuid'] === null ? undefined : duidFromBytes(octets(row['clientDuid'])),
    iaid: optionalNumber(row['clientIaid']),
    iaType: row['clientIaType'] === null ? undefined : text(row['clientIaType']),
    statusExpiresAtMs: optionalNumber(row['statusExpiresAt']),
    partnerHeardClientAtMs: optionalNumber(row['partnerHeardClientAt']),
    owedToPartner: Number(row['owedToPartner']) === 1,
  }
}

function octets(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new Error('the column holds no octets')
  return value
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error('the column holds no text')
  return value
}

function optionalNumber(value: unknown): number | undefined {
  return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : undefined
}
