/** Lease events in their order, from a position on (decision 0109). */
import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { ConsoleDatabase } from './console-database.ts'
import { LEASE_EVENT_COLUMNS } from './lease-event-row.ts'
import { LeaseRow } from './leases.queries.ts'
import { NodeFactKey } from './node-fact-keys.ts'

/** After one event, or after all of a commit. */
export interface EventPlace {
  readonly commitNumber: number
  /** Undefined: after all of the commit. */
  readonly sequence: number | undefined
}

const { shape } = LeaseRow

export const LeaseEventRow = z.object({
  commitNumber: shape.length,
  sequence: shape.length,
  at: shape.length,
  event: z.string(),
  reason: z.string(),
  kind: shape.kind,
  address: shape.address,
  length: shape.length,
  subnetId: z.string(),
  relationship: z.string().nullable(),
  clientDuid: shape.clientDuid,
  clientIaType: shape.clientIaType,
  clientIaid: shape.clientIaid,
  expiresAt: shape.statusExpiresAt,
  heardAt: shape.statusExpiresAt,
  relayData: shape.relayData,
})
export type LeaseEventRow = z.output<typeof LeaseEventRow>

const COLUMNS = LEASE_EVENT_COLUMNS.map((column) => `"${column}"`).join(', ')

export async function listLeaseEventRows(
  { reader }: ConsoleDatabase,
  { commitNumber, sequence = Number.MAX_SAFE_INTEGER }: EventPlace,
  limit: number,
): Promise<readonly LeaseEventRow[]> {
  const rows = await reader.all(
    `SELECT ${COLUMNS} FROM "LeaseEvent" WHERE ("commitNumber", "sequence") > (?, ?)
     ORDER BY "commitNumber", "sequence" LIMIT ?`,
    [commitNumber, sequence, limit],
  )
  return z.array(LeaseEventRow).parse(rows)
}

/** What is known of the events as a whole, as the tables have it. */
export interface EventBounds {
  /** Eight hexadecimal digits: other ones where commits may have had these numbers before (a new storage, a restored one). */
  readonly origin: string
  /** Events of commits up to this one are gone; 0: none are. */
  readonly removedUpTo: number
  readonly lastCommitNumber: number
}

const FACTS = [
  NodeFactKey.serverDuid,
  NodeFactKey.restoredAt,
  NodeFactKey.leaseEventsRemoved,
  NodeFactKey.lastCommitNumber,
] as const

const FactRow = z.object({ key: z.string(), value: z.string() })

export async function readEventBounds({ reader }: ConsoleDatabase): Promise<EventBounds> {
  const rows = await reader.all(`SELECT "key", "value" FROM "NodeFact" WHERE "key" IN (?, ?, ?, ?)`, [...FACTS])
  const facts = new Map(
    z
      .array(FactRow)
      .parse(rows)
      .map(({ key, value }) => [key, value]),
  )
  const duid = facts.get(NodeFactKey.serverDuid) ?? ''
  const restoredAt = facts.get(NodeFactKey.restoredAt) ?? ''
  return {
    origin: createHash('sha256').update(`${duid} ${restoredAt}`).digest('hex').slice(0, 8),
    removedUpTo: Number(facts.get(NodeFactKey.leaseEventsRemoved) ?? 0),
    lastCommitNumber: Number(facts.get(NodeFactKey.lastCommitNumber) ?? 0),
  }
}

/** Behind the last event before this time; undefined: none is kept. */
export async function commitBefore({ reader }: ConsoleDatabase, atMs: number): Promise<number | undefined> {
  const rows = await reader.all(`SELECT MAX("commitNumber") AS "found" FROM "LeaseEvent" WHERE "at" < ?`, [atMs])
  const { found } = z.object({ found: shape.length.nullable() }).parse(rows[0])
  return found ?? undefined
}
