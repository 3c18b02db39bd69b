/** History and decisions in the real database: written beside commits, kept within age and count (decision 0074). */
import { afterEach, describe, expect, it } from 'vitest'
import type { DecisionRecord, LeaseChangeRecord, Retention } from './record-batch.ts'
import { keepAll } from './test-support/fixtures.ts'
import { openTestStorage, rowsOf, type TestStorage } from './test-support/test-storage.ts'

let storage: TestStorage

afterEach(() => storage.close())

async function store(more: Partial<Retention> = {}): Promise<TestStorage> {
  storage = await openTestStorage({ ...keepAll, ...more })
  return storage
}

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

const times = async (table: string): Promise<readonly unknown[]> =>
  (await rowsOf(storage.storageUrl, `SELECT "at" FROM "${table}" ORDER BY "id"`)).map((row: unknown): unknown =>
    Array.isArray(row) ? row[0] : undefined,
  )

describe('the store of what explains', () => {
  it('keeps what it was given', async () => {
    await (await store()).record({ leaseChanges: [change(1), change(2)], decisions: [decision(3)] })
    expect(await times('LeaseChange')).toEqual([1, 2])
    const rows = await rowsOf(storage.storageUrl, 'SELECT "kind", "count", "inputs", "subnetId" FROM "Decision"')
    expect(rows).toEqual([['no-answer', 3, '{"state":"NORMAL"}', null]])
  })

  it('removes what is older than its age, and only that', async () => {
    const records = await store({ leaseSeconds: 10, decisionSeconds: 20 })
    await records.record({ leaseChanges: [1000, 5000, 9000].map(change), decisions: [1000, 5000].map(decision) })
    expect(await records.prune(16_000)).toBe(false)
    expect(await times('LeaseChange')).toEqual([9000])
    expect(await times('Decision')).toEqual([1000, 5000])
    await records.prune(22_000)
    expect(await times('Decision')).toEqual([5000])
  })

  it('removes what goes beyond its count, the oldest first, a piece at a time', async () => {
    const records = await store({ leaseRows: 100 })
    for (let round = 0; round < 60; round += 1) {
      await records.record({
        leaseChanges: Array.from({ length: 100 }, (_, index) => change(round * 100 + index)),
        decisions: [],
      })
    }
    const more: boolean[] = []
    do more.push(await records.prune(0))
    while (more.at(-1) === true)
    expect(more).toEqual([true, true, false])
    expect(await times('LeaseChange')).toEqual(Array.from({ length: 100 }, (_, index) => 5900 + index))
  })

  it('writes what it is given after everything was removed', async () => {
    const records = await store({ leaseSeconds: 0 })
    await records.record({ leaseChanges: [change(1)], decisions: [] })
    await records.prune(1_000_000)
    await records.record({ leaseChanges: [change(2)], decisions: [] })
    expect(await times('LeaseChange')).toEqual([2])
  })
})
