/** The bindings in a server's database as another program finds them: read from a copy, with SQLite itself and not with our storage. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { duidFromBytes, formatIpv6Address, ipv6AddressFromBytes, type Duid } from '@tandem/protocol'

export interface StoredBinding {
  /** As a client would write it: an address, or a prefix with its length. */
  readonly lease: string
  readonly status: string
  readonly client: Duid | undefined
  readonly iaid: number | undefined
  readonly iaType: string | undefined
  readonly statusExpiresAtMs: number | undefined
  readonly clientHeardAtMs: number | undefined
  readonly partnerHeardClientAtMs: number | undefined
  readonly owedToPartner: boolean
}

/**
 * What the storage of a dead server holds. The log is left to the server: the copy is recovered from database and
 * write-ahead log, without the shared index that dies with the processes.
 */
export function readStoredBindings(storageFile: string): ReadonlyMap<string, StoredBinding> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-look-'))
  try {
    const copy = join(folder, basename(storageFile))
    for (const suffix of ['', '-wal']) {
      if (existsSync(storageFile + suffix)) copyFileSync(storageFile + suffix, copy + suffix)
    }
    const database = new DatabaseSync(copy)
    const statement = database.prepare('SELECT * FROM "Binding"')
    statement.setReadBigInts(true)
    const bindings = statement.all().map(toBinding)
    database.close()
    return new Map(bindings.map((binding) => [binding.lease, binding]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function toBinding(row: Readonly<Record<string, unknown>>): StoredBinding {
  const address = formatIpv6Address(ipv6AddressFromBytes(octets(row['address'])))
  const length = optionalNumber(row['length']) ?? 128
  return {
    lease: row['kind'] === 'address' ? address : `${address}/${length}`,
    status: text(row['status']),
    client: row['clientDuid'] === null ? undefined : duidFromBytes(octets(row['clientDuid'])),
    iaid: optionalNumber(row['clientIaid']),
    iaType: row['clientIaType'] === null ? undefined : text(row['clientIaType']),
    statusExpiresAtMs: optionalNumber(row['statusExpiresAt']),
    clientHeardAtMs: optionalNumber(row['clientHeardAt']),
    partnerHeardClientAtMs: optionalNumber(row['partnerHeardClientAt']),
    owedToPartner: row['owedToPartner'] === 1n,
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
