/** Single durable facts about this node, one row each. */
import { randomUUID } from 'node:crypto'
import { duidFromHex, makeDuidUuid, type Duid } from '@tandem/protocol'
import { inTransaction, type Connection } from './connection.ts'

export const NodeFactKey = {
  /** Hexadecimal text; made once, at the first start. */
  serverDuid: 'server-duid',
  /** SHA-256 of the one-time set-up token, until the first administrator exists. */
  setUpTokenHash: 'set-up-token-hash',
  /** Milliseconds; always ahead of the clock while the server runs. */
  runningUntil: 'running-until',
  lastCommitNumber: 'last-commit-number',
  lastCommitAt: 'last-commit-at',
  /** Milliseconds; only in a copy that `tandem backup` made, until `tandem restore` has marked it. */
  backupMadeAt: 'backup-made-at',
} as const
export type NodeFactKey = (typeof NodeFactKey)[keyof typeof NodeFactKey]

export function readFact(connection: Connection, key: NodeFactKey): string | undefined {
  return factReader(connection, key)()
}

export function readNumberFact(connection: Connection, key: NodeFactKey): number | undefined {
  return numberFactReader(connection, key)()
}

/** Prepared once, for what is read with every commit. */
export function numberFactReader(connection: Connection, key: NodeFactKey): () => number | undefined {
  const read = factReader(connection, key)
  return () => {
    const text = read()
    return text === undefined ? undefined : Number(text)
  }
}

function factReader(connection: Connection, key: NodeFactKey): () => string | undefined {
  const statement = connection.prepare('SELECT "value" FROM "NodeFact" WHERE "key" = ?').raw()
  return () => {
    const row: unknown = statement.get([key])
    return Array.isArray(row) && typeof row[0] === 'string' ? row[0] : undefined
  }
}

export const PUT_FACT = `INSERT INTO "NodeFact" ("key", "value") VALUES (?, ?)
  ON CONFLICT ("key") DO UPDATE SET "value" = excluded."value"`

export function writeFact(connection: Connection, key: NodeFactKey, value: string): void {
  connection.prepare(PUT_FACT).run([key, value])
}

export function deleteFact(connection: Connection, key: NodeFactKey): void {
  connection.prepare('DELETE FROM "NodeFact" WHERE "key" = ?').run([key])
}

/** A DUID-UUID (RFC 6355), so that no clock and no hardware address is needed; durable before anything is answered. */
export function ensureServerDuid(connection: Connection): Duid {
  return inTransaction(connection, () => {
    const known = readFact(connection, NodeFactKey.serverDuid)
    if (known !== undefined) return duidFromHex(known)
    const duid = makeDuidUuid(Buffer.from(randomUUID().replaceAll('-', ''), 'hex'))
    writeFact(connection, NodeFactKey.serverDuid, duid)
    return duid
  })
}
