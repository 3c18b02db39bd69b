/** Single durable facts about this node in PostgreSQL, one row each (storage/node-facts.ts has the keys). */
import { duidFromHex, type Duid } from '@tandem/protocol'
import { makeServerDuid, NodeFactKey } from '../node-fact-keys.ts'
import { inTransaction, type Session } from './session.ts'

export async function readFact(session: Session, key: NodeFactKey): Promise<string | undefined> {
  const [row] = await session.rows('SELECT "value" FROM "NodeFact" WHERE "key" = $1', [key])
  return typeof row?.[0] === 'string' ? row[0] : undefined
}

export async function readNumberFact(session: Session, key: NodeFactKey): Promise<number | undefined> {
  const text = await readFact(session, key)
  return text === undefined ? undefined : Number(text)
}

/** All in one statement; of one key the last. */
export async function writeFacts(session: Session, facts: ReadonlyMap<string, string>): Promise<void> {
  await session.rows(
    `INSERT INTO "NodeFact" ("key", "value") SELECT * FROM unnest($1::text[], $2::text[])
     ON CONFLICT ("key") DO UPDATE SET "value" = excluded."value"`,
    [[...facts.keys()], [...facts.values()]],
    'put-facts',
  )
}

export async function deleteFact(session: Session, key: NodeFactKey): Promise<void> {
  await session.rows('DELETE FROM "NodeFact" WHERE "key" = $1', [key])
}

/** The same on every standby of a cluster, also after one was promoted; another one where a dump was read into another database. */
export async function placeOf(session: Session): Promise<string> {
  const [row] = await session.rows(
    'SELECT system_identifier::text, (SELECT oid FROM pg_database WHERE datname = current_database()) FROM pg_control_system()',
  )
  return `${String(row?.[0])}/${String(row?.[1])}`
}

/** Durable before anything is answered; of two who start at once the first one's stays. */
export async function ensureServerDuid(session: Session): Promise<Duid> {
  return inTransaction(session, async () => {
    await session.rows('INSERT INTO "NodeFact" ("key", "value") VALUES ($1, $2), ($3, $4) ON CONFLICT DO NOTHING', [
      NodeFactKey.serverDuid,
      makeServerDuid(),
      NodeFactKey.storagePlace,
      await placeOf(session),
    ])
    const duid = await readFact(session, NodeFactKey.serverDuid)
    if (duid === undefined) throw new Error('the server has no identifier after one was made')
    return duidFromHex(duid)
  })
}
