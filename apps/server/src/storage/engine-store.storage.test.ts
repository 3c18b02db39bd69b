/** The engine's store against the real database: what is committed is what is restored, once and whole. */
import { instant } from '@tandem/engine'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bareBinding, bareEndpoint, commitOf, fullBinding, fullEndpoint, put } from './test-support/fixtures.ts'
import { openTestStorage, restoreWhole, rowsOf, type TestStorage } from './test-support/test-storage.ts'

let storage: TestStorage

beforeEach(async () => {
  storage = await openTestStorage()
})

afterEach(() => storage.close())

test('bindings and endpoints come back exactly as they were committed, with every field and with none', async () => {
  await storage.commit(
    commitOf(1, [
      ...put(bareBinding(), fullBinding(2), fullBinding(1)),
      { kind: 'endpoint-put', endpoint: fullEndpoint() },
      { kind: 'endpoint-put', endpoint: bareEndpoint() },
    ]),
  )
  const restored = await restoreWhole(storage.storageUrl)
  expect(restored.bindings).toEqual([fullBinding(1), fullBinding(2), bareBinding()])
  expect(restored.endpoints).toEqual([fullEndpoint(), bareEndpoint()])
  expect(restored).toMatchObject({ lastCommitNumber: 1, lastCommitAt: instant(1000), ranUntil: instant(4000) })
})

test('a new database restores to nothing, with no last commit and no time that it ran until', async () => {
  expect(await restoreWhole(storage.storageUrl)).toEqual({
    bindings: [],
    endpoints: [],
    reservations: [],
    drains: [],
    lastCommitAt: undefined,
    ranUntil: undefined,
    lastCommitNumber: 0,
  })
})

test('what an endpoint keeps of reservations comes back, and the last of a batch stays', async () => {
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
  await storage.commit(commitOf(1, changes))
  expect((await restoreWhole(storage.storageUrl)).reservations).toEqual([agreed, bare])
})

test('the pools that are drained come back, and the last of a batch stays', async () => {
  const drain = {
    pool: '2001:db8::/48-56',
    since: instant(1000),
    operator: 'ann',
    reason: 'quotes "stay"\nas they are',
  }
  const changes = [[{ ...drain, pool: 'another' }, drain], [drain]].map(
    (drains) => ({ kind: 'drains-put', drains }) as const,
  )
  await storage.commit(commitOf(1, changes))
  expect((await restoreWhole(storage.storageUrl)).drains).toEqual([drain])
  await storage.commit(commitOf(2, [{ kind: 'drains-put', drains: [] }]))
  expect((await restoreWhole(storage.storageUrl)).drains).toEqual([])
})

test('the last change of a lease in a batch is the one that stays', async () => {
  const released = { ...fullBinding(1), status: 'RELEASED' as const, owedToPartner: false }
  await storage.commit(commitOf(1, put(fullBinding(1), released)))
  expect((await restoreWhole(storage.storageUrl)).bindings).toEqual([released])
})

test('a commit tried again under its number changes nothing and says what is durable', async () => {
  const added = { kind: 'audit-added', audit: auditEntry() } as const
  expect(await storage.commit(commitOf(1, [added]))).toEqual({ number: 1, runningUntilMs: 4000 })
  expect(await storage.commit(commitOf(1, [added], { runningUntilMs: 99_000 }))).toEqual({
    number: 1,
    runningUntilMs: 4000,
  })
  expect(await rowsOf(storage.storageUrl, 'SELECT count(*) FROM "AuditEntry"')).toEqual([[1]])
})

test('a commit that skips a number is refused', async () => {
  await expect(storage.commit(commitOf(2, []))).rejects.toThrow('commit 2 came after commit 0')
})

test('a sign of life moves "running until" and not the time of the last promise', async () => {
  await storage.commit(commitOf(1, []))
  await storage.commit(commitOf(2, [], { promises: false }))
  expect(await restoreWhole(storage.storageUrl)).toMatchObject({ lastCommitAt: instant(1000), ranUntil: instant(5000) })
})

test('history and audit keep their order, their inputs and their commit', async () => {
  await storage.commit(
    commitOf(1, [
      { kind: 'transition-added', transition: transition('NORMAL', { skewMs: 3, forced: true, word: 'x' }) },
      { kind: 'transition-added', transition: transition('PARTNER-DOWN', {}) },
      { kind: 'audit-added', audit: auditEntry() },
    ]),
  )
  const transitions = 'SELECT "id", "toState", "inputs", "operator", "commitNumber" FROM "Transition" ORDER BY "id"'
  expect(await rowsOf(storage.storageUrl, transitions)).toEqual([
    [1, 'NORMAL', '{"skewMs":3,"forced":true,"word":"x"}', null, 1],
    [2, 'PARTNER-DOWN', '{}', null, 1],
  ])
  expect(await rowsOf(storage.storageUrl, 'SELECT "operator", "outcome", "reason" FROM "AuditEntry"')).toEqual([
    ['admin', 'refused', 'why not'],
  ])
})

test('a batch of which one row breaks a rule leaves nothing behind, and its number is still free', async () => {
  // The driver of the database refuses what is no number; the engine never makes such a binding.
  const broken = { ...fullBinding(2), statusSince: instant(Number.NaN) }
  await expect(storage.commit(commitOf(1, put(fullBinding(1), broken)))).rejects.toThrow()
  expect(await restoreWhole(storage.storageUrl)).toMatchObject({ bindings: [], lastCommitNumber: 0 })
  await storage.commit(commitOf(1, put(fullBinding(1))))
  expect((await restoreWhole(storage.storageUrl)).bindings).toEqual([fullBinding(1)])
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
