/** The engine's store against the real database: what is committed is what is restored, once and whole. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { instant } from '@tandem/engine'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openReadConnection } from './connection.ts'
import {
  bareBinding,
  bareEndpoint,
  commitOf,
  fullBinding,
  fullEndpoint,
  openTestDatabase,
  put,
  restoreWhole,
  type TestDatabase,
} from './test-support/fixtures.ts'

let database: TestDatabase

beforeEach(() => {
  database = openTestDatabase()
})

afterEach(() => database.close())

test('bindings and endpoints come back exactly as they were committed, with every field and with none', () => {
  database.store.commit(
    commitOf(1, [
      ...put(bareBinding(), fullBinding(2), fullBinding(1)),
      { kind: 'endpoint-put', endpoint: fullEndpoint() },
      { kind: 'endpoint-put', endpoint: bareEndpoint() },
    ]),
  )
  const restored = restoreWhole(database.file)
  expect(restored.bindings).toEqual([fullBinding(1), fullBinding(2), bareBinding()])
  expect(restored.endpoints).toEqual([fullEndpoint(), bareEndpoint()])
  expect(restored).toMatchObject({ lastCommitNumber: 1, lastCommitAt: instant(1000), ranUntil: instant(4000) })
})

test('a new database restores to nothing, with no last commit and no time that it ran until', () => {
  expect(restoreWhole(database.file)).toEqual({
    bindings: [],
    endpoints: [],
    reservations: [],
    lastCommitAt: undefined,
    ranUntil: undefined,
    lastCommitNumber: 0,
  })
})

test('what an endpoint keeps of reservations comes back, and the last of a batch stays', () => {
  const agreed = {
    relationship: 'alpha-beta',
    honoured: 'address 2001:db8::1/128 0003 any\nprefix p',
    agreed: 'ab',
    sharedAddresses: undefined,
  }
  const bare = { relationship: 'other', honoured: '', agreed: undefined, sharedAddresses: 'cd' }
  const changes = [{ ...agreed, agreed: undefined }, agreed, bare].map((reservations) => {
    return { kind: 'reservations-put', reservations } as const
  })
  database.store.commit(commitOf(1, changes))
  expect(restoreWhole(database.file).reservations).toEqual([agreed, bare])
})

test('the last change of a lease in a batch is the one that stays', () => {
  const released = { ...fullBinding(1), status: 'RELEASED' as const, owedToPartner: false }
  database.store.commit(commitOf(1, put(fullBinding(1), released)))
  expect(restoreWhole(database.file).bindings).toEqual([released])
})

test('a commit tried again under its number changes nothing and says what is durable', () => {
  const added = { kind: 'audit-added', audit: auditEntry() } as const
  expect(database.store.commit(commitOf(1, [added]))).toEqual({ number: 1, runningUntilMs: 4000 })
  expect(database.store.commit(commitOf(1, [added], { runningUntilMs: 99_000 }))).toEqual({
    number: 1,
    runningUntilMs: 4000,
  })
  const reader = openReadConnection(database.file)
  expect(reader.prepare('SELECT count(*) FROM "AuditEntry"').raw().get([])).toEqual([1])
  reader.close()
})

test('a commit that skips a number is refused', () => {
  expect(() => database.store.commit(commitOf(2, []))).toThrow('commit 2 came after commit 0')
})

test('a sign of life moves "running until" and not the time of the last promise', () => {
  database.store.commit(commitOf(1, []))
  database.store.commit(commitOf(2, [], { promises: false }))
  expect(restoreWhole(database.file)).toMatchObject({ lastCommitAt: instant(1000), ranUntil: instant(5000) })
})

test('history and audit keep their order, their inputs and their commit', () => {
  database.store.commit(
    commitOf(1, [
      { kind: 'transition-added', transition: transition('NORMAL', { skewMs: 3, forced: true, word: 'x' }) },
      { kind: 'transition-added', transition: transition('PARTNER-DOWN', {}) },
      { kind: 'audit-added', audit: auditEntry() },
    ]),
  )
  const reader = openReadConnection(database.file)
  expect(
    reader.prepare('SELECT "id", "toState", "inputs", "operator", "commitNumber" FROM "Transition"').raw().all(),
  ).toEqual([
    [1, 'NORMAL', '{"skewMs":3,"forced":true,"word":"x"}', null, 1],
    [2, 'PARTNER-DOWN', '{}', null, 1],
  ])
  expect(reader.prepare('SELECT "operator", "outcome", "reason" FROM "AuditEntry"').raw().all()).toEqual([
    ['admin', 'refused', 'why not'],
  ])
  reader.close()
})

test('a batch of which one row breaks a rule leaves nothing behind, and its number is still free', () => {
  // The driver of the database refuses what is no number; the engine never makes such a binding.
  const broken = { ...fullBinding(2), statusSince: instant(Number.NaN) }
  expect(() => database.store.commit(commitOf(1, put(fullBinding(1), broken)))).toThrow()
  expect(restoreWhole(database.file)).toMatchObject({ bindings: [], lastCommitNumber: 0 })
  database.store.commit(commitOf(1, put(fullBinding(1))))
  expect(restoreWhole(database.file).bindings).toEqual([fullBinding(1)])
})

describe('a store that is cut off in the middle of its last write', () => {
  test('opens to the last complete commit, whatever octet the cut falls on', { timeout: 180_000 }, async () => {
    database.store.commit(commitOf(1, put(fullBinding(1), fullBinding(2))))
    const log = `${database.file}-wal`
    const before = readFileSync(log).length
    const earlier = restoreWhole(database.file)
    database.store.commit(commitOf(2, put({ ...fullBinding(1), status: 'RELEASED' }, fullBinding(3))))
    const whole = readFileSync(log)
    const later = restoreWhole(database.file)
    expect(later).not.toEqual(earlier)
    expect(whole.length).toBeGreaterThan(before)

    // In memory where there is such a place: here the cut is what matters, not the flush.
    const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tandem-cut-'))
    setFlagsFromString('--expose-gc')
    // What the flag above defines; it takes nothing and gives nothing.
    const collectGarbage = runInNewContext('gc') as () => void
    for (let length = before; length <= whole.length; length += 1) {
      // A name of its own: a closed connection may keep its file until it is collected.
      const file = join(folder, `${length}.db`)
      copyFileSync(database.file, file)
      writeFileSync(`${file}-wal`, whole.subarray(0, length))
      if (length % 500 === 0) {
        collectGarbage()
        await setImmediate()
      }
      const expected = length === whole.length ? later : earlier
      const found = restoreWhole(file)
      for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
      if (found.lastCommitNumber !== expected.lastCommitNumber) expect({ length, found }).toEqual({ length, expected })
      if (length % 512 === 0 || length === whole.length) expect(found).toEqual(expected)
    }
    rmSync(folder, { recursive: true })
  })
})

function transition(to: 'NORMAL' | 'PARTNER-DOWN', inputs: Readonly<Record<string, string | number | boolean>>) {
  return {
    relationship: 'alpha-beta',
    at: instant(5),
    from: 'RECOVER-DONE' as const,
    to,
    cause: 'test',
    rule: 'RFC 8156 8.9.2',
    inputs,
    operator: undefined,
  }
}

function auditEntry() {
  return {
    at: instant(6),
    operator: 'admin',
    action: 'declare-partner-down',
    target: 'alpha-beta',
    reason: 'why not',
    commandId: 'c1',
    outcome: 'refused' as const,
    detail: 'partner in contact',
  }
}
