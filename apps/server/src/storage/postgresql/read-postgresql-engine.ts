/** Reads from PostgreSQL what the engine starts from, as of one moment; bindings in pieces, in the order of their keys. */
import { instant, type Binding, type Instant } from '@tandem/engine'
import { BINDING_COLUMNS, bindingFromRow } from '../binding-row.ts'
import { endpointFromRow, SELECT_ENDPOINTS } from '../endpoint-row.ts'
import { NodeFactKey } from '../node-fact-keys.ts'
import { reservationsFromFact, SELECT_RESERVATIONS } from '../reservations-fact.ts'
import type { Restored } from '../restored.ts'
import { readNumberFact } from './facts.ts'
import { Session, type PgValue } from './session.ts'

const BINDINGS_AT_ONCE = 5000
const COLUMNS = BINDING_COLUMNS.map((column) => `"${column}"`).join(', ')

export async function readPostgresqlEngine(storageUrl: string): Promise<Restored> {
  const session = await Session.open(storageUrl, 'restore')
  try {
    return await restoreFrom(session)
  } finally {
    await session.close()
  }
}

export async function restoreFrom(session: Session): Promise<Restored> {
  await session.run('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
  const instantFact = async (key: NodeFactKey): Promise<Instant | undefined> => {
    const ms = await readNumberFact(session, key)
    return ms === undefined ? undefined : instant(ms)
  }
  const restored = {
    lastCommitNumber: (await readNumberFact(session, NodeFactKey.lastCommitNumber)) ?? 0,
    state: {
      bindings: await bindingsOf(session),
      endpoints: (await session.rows(SELECT_ENDPOINTS)).map(endpointFromRow),
      reservations: (await session.rows(SELECT_RESERVATIONS)).map(reservationsFromFact),
      lastCommitAt: await instantFact(NodeFactKey.lastCommitAt),
      ranUntil: await instantFact(NodeFactKey.runningUntil),
    },
  }
  await session.run('COMMIT')
  return restored
}

async function bindingsOf(session: Session): Promise<readonly Binding[]> {
  const bindings: Binding[] = []
  let after: readonly PgValue[] = ['', Buffer.alloc(0), 0]
  while (true) {
    const rows = await session.rows(
      `SELECT ${COLUMNS} FROM "Binding" WHERE ("kind", "address", "length") > ($1, $2, $3)
       ORDER BY "kind", "address", "length" LIMIT ${BINDINGS_AT_ONCE}`,
      after,
      'read-bindings',
    )
    for (const row of rows) bindings.push(bindingFromRow(row))
    const last = rows.at(-1)
    if (last === undefined || rows.length < BINDINGS_AT_ONCE) return bindings
    after = keyOfRow(last)
  }
}

/** Kind, address and length stand first. */
function keyOfRow([kind, address, length]: readonly unknown[]): readonly PgValue[] {
  if (!(address instanceof Uint8Array)) throw new Error('the storage holds no octets where an address stands')
  return [String(kind), address, Number(length)]
}
