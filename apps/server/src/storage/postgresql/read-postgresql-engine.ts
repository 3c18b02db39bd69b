/** Reads from PostgreSQL what the engine starts from, as of one moment; bindings in pieces, in the order of their keys. */
import { instant, type Binding, type Instant } from '@tandem/engine'
import { ipv6AddressToBytes } from '@tandem/protocol'
import { BINDING_COLUMNS, bindingFromText, OCTET_COLUMNS } from '../binding-row.ts'
import { drainsFromFact } from '../drains-fact.ts'
import { endpointFromRow, SELECT_ENDPOINTS } from '../endpoint-row.ts'
import { NodeFactKey } from '../node-fact-keys.ts'
import { reservationsFromFact, SELECT_RESERVATIONS } from '../reservations-fact.ts'
import type { Restored } from '../restored.ts'
import { asText } from '../sql-value.ts'
import { readFact, readNumberFact } from './facts.ts'
import { Session, type PgValue } from './session.ts'

const BINDINGS_AT_ONCE = 5000
const TRUTH_COLUMNS: ReadonlySet<string> = new Set(['owedToPartner', 'updateSent'])

/** Each row as one text, a JSON array: all rows are in memory at once, and a text needs less of it than the single values. */
const SELECT_TEXTS = `SELECT json_build_array(${BINDING_COLUMNS.map(asJsonValue).join(', ')})::text FROM "Binding"
  WHERE ("kind", "address", "length") > ($1, $2, $3) ORDER BY "kind", "address", "length" LIMIT ${BINDINGS_AT_ONCE}`

/** JSON knows no octets, and what reads these rows expects 0 and 1. */
function asJsonValue(column: (typeof BINDING_COLUMNS)[number]): string {
  if (OCTET_COLUMNS.has(column)) return `encode("${column}", 'hex')`
  return TRUTH_COLUMNS.has(column) ? `"${column}"::int` : `"${column}"`
}

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
      bindings: bindingsOf(await textsOf(session)),
      endpoints: (await session.rows(SELECT_ENDPOINTS)).map(endpointFromRow),
      reservations: (await session.rows(SELECT_RESERVATIONS)).map(reservationsFromFact),
      drains: drainsFromFact(await readFact(session, NodeFactKey.poolDrains)),
      lastCommitAt: await instantFact(NodeFactKey.lastCommitAt),
      ranUntil: await instantFact(NodeFactKey.runningUntil),
    },
  }
  await session.run('COMMIT')
  return restored
}

async function textsOf(session: Session): Promise<string[]> {
  const texts: string[] = []
  let after: readonly PgValue[] = ['', Buffer.alloc(0), 0]
  while (true) {
    const rows = await session.rows(SELECT_TEXTS, after, 'read-bindings')
    for (const [text] of rows) texts.push(asText(text))
    const last = texts.at(-1)
    if (last === undefined || rows.length < BINDINGS_AT_ONCE) return texts
    after = keyOfText(last)
  }
}

/** Walked once: what has been read is given up. */
function* bindingsOf(texts: string[]): Generator<Binding> {
  for (const [index, text] of texts.entries()) {
    texts[index] = ''
    yield bindingFromText(text)
  }
}

/** Kind, address and length stand first. */
function keyOfText(text: string): readonly PgValue[] {
  const { kind, prefix } = bindingFromText(text)
  return [kind, ipv6AddressToBytes(prefix.address), prefix.length]
}
