/** Reads from a database file what the engine starts from; bindings come one by one and never all at once. */
import { instant, type Binding, type Instant } from '@tandem/engine'
import { bindingFromText, SELECT_BINDING_TEXTS } from './binding-row.ts'
import type { Connection } from './connection.ts'
import { drainsFromFact } from './drains-fact.ts'
import { endpointFromRow, SELECT_ENDPOINTS } from './endpoint-row.ts'
import { NodeFactKey } from './node-fact-keys.ts'
import { readFact, readNumberFact } from './node-facts.ts'
import { reservationsFromFact, SELECT_RESERVATIONS } from './reservations-fact.ts'
import type { Restored } from './restored.ts'
import { asText } from './sql-value.ts'

/** `state.bindings` reads from the connection while it is walked; walk it once, then close. */
export function restoreEngine(connection: Connection): Restored {
  return {
    lastCommitNumber: readNumberFact(connection, NodeFactKey.lastCommitNumber) ?? 0,
    state: {
      bindings: bindingsOf(connection),
      endpoints: [...rowsOf(connection, SELECT_ENDPOINTS)].map(endpointFromRow),
      reservations: [...rowsOf(connection, SELECT_RESERVATIONS)].map(reservationsFromFact),
      drains: drainsFromFact(readFact(connection, NodeFactKey.poolDrains)),
      lastCommitAt: instantFact(connection, NodeFactKey.lastCommitAt),
      ranUntil: instantFact(connection, NodeFactKey.runningUntil),
    },
  }
}

function* bindingsOf(connection: Connection): Generator<Binding> {
  for (const [text] of rowsOf(connection, SELECT_BINDING_TEXTS)) yield bindingFromText(asText(text))
}

function* rowsOf(connection: Connection, sql: string): Generator<readonly unknown[]> {
  for (const row of connection.prepare(sql).raw().iterate()) {
    if (!Array.isArray(row)) throw new Error('the database driver gave no row')
    yield row
  }
}

function instantFact(connection: Connection, key: NodeFactKey): Instant | undefined {
  const ms = readNumberFact(connection, key)
  return ms === undefined ? undefined : instant(ms)
}
