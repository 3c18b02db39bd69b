/** How a database file goes about lists of leases: by an index or along the key, never through all rows in one go. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addMs, type Binding } from '@tandem/engine'
import { bindingToRow } from './binding-row.ts'
import { EngineTables } from './engine-tables.ts'
import { KEY_ORDER, orderedInFile, orderText, plainColumns } from './lease-order.ts'
import { foundInFile, rareInFile, type FoundLeases } from './lease-words.ts'
import { fullBinding, openTestDatabase, type TestDatabase } from './test-support/fixtures.ts'

let database: TestDatabase
beforeEach(() => {
  database = openTestDatabase()
})
afterEach(() => {
  database.close()
})

function planOf(sql: string, values: readonly unknown[]): readonly string[] {
  const rows: unknown = database.connection
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .raw()
    .all([...values])
  return Array.isArray(rows) ? rows.map((row: unknown) => (Array.isArray(row) ? String(row[3]) : '')) : []
}

const words = { duidPart: 'AABBCC', iaid: 7, hostNameParts: [['6C616E']] } as const
const none = { duidPart: undefined, iaid: undefined, hostNameParts: [] } as const

test.each<readonly [string, FoundLeases]>([
  ['a part of a DUID', foundInFile({ ...none, duidPart: words.duidPart })],
  ['an IAID', foundInFile({ ...none, iaid: words.iaid })],
  ['a part of a host name', foundInFile({ ...none, hostNameParts: words.hostNameParts })],
  ['all of them', foundInFile(words)],
  ['a state other than active', rareInFile('ABANDONED')],
])('%s leads to rows by an index, and they are counted without the others', (_, { from, fromToCount, values }) => {
  const rows = planOf(`SELECT * FROM ${from} ORDER BY "kind", "address", "length" LIMIT 51`, values)
  const count = planOf(`SELECT count(*) FROM (SELECT 1 FROM ${fromToCount} LIMIT 10001)`, values)
  for (const plan of [rows, count]) {
    expect(plan.length).toBeGreaterThan(0)
    // The full-text table is asked by its own index, which the plan calls a scan.
    expect(
      plan.filter((line) => line.startsWith('SCAN') && !/VIRTUAL TABLE INDEX|\(subquery|CONSTANT/u.test(line)),
    ).toEqual([])
  }
  expect(count.filter((line) => line.includes('SEARCH b'))).toEqual([])
})

test('a page along the key is a stretch of the key', () => {
  const plan = planOf(
    `SELECT * FROM "Binding" WHERE "kind" = ? AND ("address", "length") > (?, ?) AND ("address", "length") <= (?, ?)
     ORDER BY "address", "length" LIMIT 51`,
    ['address', new Uint8Array(16), -1, new Uint8Array(16).fill(255), 129],
  )
  expect(plan).toEqual([expect.stringMatching(/^SEARCH Binding USING PRIMARY KEY \(kind=\? AND \(address/u)])
})

test('a stretch of both kinds is a stretch of the key', () => {
  const { orderBy, isAfter, isThrough, valuesOf } = orderText(KEY_ORDER, plainColumns(KEY_ORDER))
  const place = { value: 0, kind: 'address', address: new Uint8Array(16), length: -1 } as const
  const plan = planOf(`SELECT * FROM "Binding" WHERE ${isAfter} AND ${isThrough} ORDER BY ${orderBy} LIMIT 1000`, [
    ...valuesOf(place),
    ...valuesOf({ ...place, kind: 'prefix' }),
  ])
  expect(plan).toEqual([expect.stringMatching(/^SEARCH Binding USING PRIMARY KEY/u)])
})

test.each([true, false])('a page of what changed last, descending: %s, is a stretch of an index', (isDescending) => {
  const { from, fromPlaces, columns } = orderedInFile('statusSince')
  const { orderBy, isAfter, isThrough, valuesOf } = orderText({ by: 'statusSince', isDescending }, columns)
  const place = { value: 1, kind: 'address', address: new Uint8Array(16), length: 128 } as const
  for (const table of [from, fromPlaces]) {
    const plan = planOf(`SELECT 1 FROM ${table} WHERE ${isAfter} AND ${isThrough} ORDER BY ${orderBy} LIMIT 51`, [
      ...valuesOf(place),
      ...valuesOf(place),
    ])
    expect(plan[0]).toMatch(/^SEARCH LeaseSearchSince USING PRIMARY KEY/u)
    expect(plan.filter((line) => /SCAN|TEMP B-TREE/u.test(line))).toEqual([])
  }
})

test('a renewal writes nothing but its row, and what was written later stays', () => {
  const { connection } = database
  const tables = new EngineTables(connection)
  const none = { leaseEvents: [], endpoints: [], transitions: [], audits: [], facts: [] }
  const rowsWrittenBy = (commitNumber: number, change: Partial<Binding>): number => {
    const total = (): number => Number(connection.prepare('SELECT total_changes() AS "total"').raw().all().flat()[0])
    const before = total()
    tables.write({ ...none, bindings: [bindingToRow({ ...fullBinding(1), ...change }, commitNumber)] })
    return total() - before
  }
  const places = (): unknown => connection.prepare('SELECT "since" FROM "LeaseSearchSince"').raw().all().flat()
  const { statusSince, statusExpiresAt } = fullBinding(1)
  expect(rowsWrittenBy(2, {})).toBeGreaterThan(3)
  expect(rowsWrittenBy(3, { statusExpiresAt: addMs(statusExpiresAt ?? statusSince, 60_000) })).toBe(1)
  // Its row, and its place in the order of changes: out, and in again.
  expect(rowsWrittenBy(4, { statusSince: addMs(statusSince, 1000) })).toBe(3)
  expect(rowsWrittenBy(3, { statusSince: addMs(statusSince, 500) })).toBe(0)
  expect(places()).toEqual([statusSince + 1000])
  // Somebody removes the lease past the server, and it comes again.
  connection.exec('DELETE FROM "Binding"')
  expect(rowsWrittenBy(5, {})).toBeGreaterThan(3)
  const found = connection.prepare(
    'SELECT count(*) FROM "LeaseSearch" JOIN "LeaseSearchKey" AS k ON k."id" = "LeaseSearch".rowid',
  )
  expect(found.raw().all().flat()).toEqual([1])
})
