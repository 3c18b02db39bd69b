/** Single durable facts about this node, one row each. */
import { duidFromHex, type Duid } from '@tandem/protocol'
import { inTransaction, type Connection } from './connection.ts'
import { makeServerDuid, NodeFactKey } from './node-fact-keys.ts'

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

/** Durable before anything is answered. */
export function ensureServerDuid(connection: Connection): Duid {
  return inTransaction(connection, () => {
    const known = readFact(connection, NodeFactKey.serverDuid)
    if (known !== undefined) return duidFromHex(known)
    const duid = makeServerDuid()
    writeFact(connection, NodeFactKey.serverDuid, duid)
    return duid
  })
}
