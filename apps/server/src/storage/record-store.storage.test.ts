/** History and decisions in the real database: written beside commits, kept within age and count (decision 0074). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Connection } from './connection.ts'
import type { DecisionRecord, LeaseChangeRecord, Retention } from './record-batch.ts'
import { openRecordConnection, RecordStore } from './record-store.ts'
import { keepAll, openTestDatabase, type TestDatabase } from './test-support/fixtures.ts'

let database: TestDatabase
let connection: Connection

beforeEach(() => {
  database = openTestDatabase()
  connection = openRecordConnection(database.file)
})
afterEach(() => {
  connection.close()
  database.close()
})

const store = (more: Partial<Retention> = {}) => new RecordStore(connection, { ...keepAll, ...more })

const change = (atMs: number): LeaseChangeRecord => ({
  lease: '2001:db8::1',
  atMs,
  from: 'FREE',
  to: 'ACTIVE',
  cause: 'client',
  clientDuid: '000102',
  expiresAtMs: atMs + 5,
  commitNumber: 9,
})

const decision = (lastAtMs: number): DecisionRecord => ({
  kind: 'no-answer',
  firstAtMs: lastAtMs,
  lastAtMs,
  count: 3,
  relationship: 'pair',
  subnetId: undefined,
  lease: undefined,
  clientDuid: '000102',
  messageType: 'SOLICIT',
  reason: 'failover-state',
  detail: 'd',
  rule: 'RFC 8156 8.8.1',
  inputs: { state: 'NORMAL' },
  commitNumber: 9,
})

const times = (table: string): readonly unknown[] =>
  connection
    .prepare(`SELECT "at" FROM "${table}" ORDER BY "id"`)
    .raw()
    .all([])
    .map((row: unknown): unknown => (Array.isArray(row) ? row[0] : undefined))

describe('the store of what explains', () => {
  it('keeps what it was given', () => {
    store().write({ leaseChanges: [change(1), change(2)], decisions: [decision(3)] })
    expect(times('LeaseChange')).toEqual([1, 2])
    const row: unknown = connection
      .prepare('SELECT "kind", "count", "inputs", "subnetId" FROM "Decision"')
      .raw()
      .get([])
    expect(row).toEqual(['no-answer', 3, '{"state":"NORMAL"}', null])
  })

  it('removes what is older than its age, and only that', () => {
    const records = store({ leaseSeconds: 10, decisionSeconds: 20 })
    records.write({ leaseChanges: [1000, 5000, 9000].map(change), decisions: [1000, 5000].map(decision) })
    expect(records.prune(16_000)).toBe(false)
    expect(times('LeaseChange')).toEqual([9000])
    expect(times('Decision')).toEqual([1000, 5000])
    records.prune(22_000)
    expect(times('Decision')).toEqual([5000])
  })

  it('removes what goes beyond its count, the oldest first, a piece at a time', () => {
    const records = store({ leaseRows: 100 })
    for (let round = 0; round < 25; round += 1) {
      records.write({
        leaseChanges: Array.from({ length: 100 }, (_, index) => change(round * 100 + index)),
        decisions: [],
      })
    }
    const more: boolean[] = []
    do more.push(records.prune(0))
    while (more.at(-1) === true)
    expect(more).toEqual([true, true, false])
    expect(times('LeaseChange')).toEqual(Array.from({ length: 100 }, (_, index) => 2400 + index))
  })

  it('writes what it is given after everything was removed', () => {
    const records = store({ leaseSeconds: 0 })
    records.write({ leaseChanges: [change(1)], decisions: [] })
    records.prune(1_000_000)
    records.write({ leaseChanges: [change(2)], decisions: [] })
    expect(times('LeaseChange')).toEqual([2])
  })
})
