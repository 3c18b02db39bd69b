/** Tables that follow the commit log: after a crash, out of order, when they cannot, and when the server stops. */
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { instant, type StorageChange } from '@tandem/engine'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openReadConnection, openWriteConnection } from '../connection.ts'
import { openFileWorkerStore, type FileWorkerStore } from '../file-worker-store.ts'
import { NodeFactKey } from '../node-fact-keys.ts'
import { ensureServerDuid, writeFact } from '../node-facts.ts'
import { restoreEngine } from '../restore-engine.ts'
import {
  commitOf,
  fullBinding,
  fullEndpoint,
  keepAll,
  openTestDatabase,
  put,
  restoreFile,
  type TestDatabase,
  type WholeState,
} from '../test-support/fixtures.ts'
import { forgetCommitLog } from './catch-up.ts'
import { commitLogFolder } from './log-folder.ts'
import { SharedProgress } from './shared-progress.ts'

let database: TestDatabase
let store: FileWorkerStore

beforeEach(() => {
  database = openTestDatabase()
  ensureServerDuid(database.connection)
  store = openFileWorkerStore(database.file, keepAll)
})

afterEach(async () => {
  await store.close()
  database.close()
})

/** As another server process would find it that crashed now: files as they are, nothing said to anybody. */
function crashed(): { readonly file: string; readonly state: () => WholeState } {
  const file = join(database.folder, 'crashed.db')
  for (const end of ['', '-wal', '-shm', '-commits']) rmSync(`${file}${end}`, { recursive: true, force: true })
  for (const end of ['', '-wal', '-commits']) {
    if (existsSync(`${database.file}${end}`)) cpSync(`${database.file}${end}`, `${file}${end}`, { recursive: true })
  }
  return { file, state: () => restoreFile(file) }
}

/** Without a look at the log. */
function inTables(file: string): WholeState {
  const connection = openReadConnection(file)
  try {
    const { state, lastCommitNumber } = restoreEngine(connection)
    return { ...state, bindings: [...state.bindings], lastCommitNumber }
  } finally {
    connection.close()
  }
}

const audit: StorageChange = {
  kind: 'audit-added',
  audit: {
    at: instant(6),
    operator: 'admin',
    action: 'reset-lease',
    target: '2001:db8::1',
    reason: 'test',
    commandId: 'c1',
    outcome: 'done',
    detail: '',
  },
}

function auditCount(file: string): unknown {
  const connection = openReadConnection(file)
  try {
    return connection.prepare('SELECT count(*) FROM "AuditEntry"').raw().get([])
  } finally {
    connection.close()
  }
}

test('what was answered is there after a crash at once, whether the tables had followed or not', async () => {
  await store.commit(commitOf(1, put(fullBinding(1), fullBinding(2))))
  await store.commit(commitOf(2, [...put({ ...fullBinding(1), status: 'RELEASED' })]))
  await store.commit(commitOf(3, [{ kind: 'endpoint-put', endpoint: fullEndpoint() }], { promises: false }))
  const { state } = crashed()
  expect(state()).toEqual({
    bindings: [{ ...fullBinding(1), status: 'RELEASED' }, fullBinding(2)],
    endpoints: [fullEndpoint()],
    reservations: [],
    drains: [],
    lastCommitAt: instant(2000),
    ranUntil: instant(6000),
    lastCommitNumber: 3,
  })
})

test('what machines are told of is there after a crash, in order and once, also where operators were told before', async () => {
  const told = (event: 'assigned' | 'ended', binding = fullBinding(1)) => ({
    leaseEvents: [{ event, reason: event === 'ended' ? 'released' : 'client', atMs: 5, binding } as const],
  })
  await store.commit(commitOf(1, put(fullBinding(1)), told('assigned')))
  // Is told ahead of its turn.
  await store.commit(commitOf(2, [...put({ ...fullBinding(1), status: 'RELEASED' }), audit], told('ended')))
  await store.commit(commitOf(3, put(fullBinding(1)), told('assigned')))
  const { file, state } = crashed()
  for (let start = 0; start < 2; start += 1) expect(state().lastCommitNumber).toBe(3)
  const connection = openReadConnection(file)
  const rows: unknown = connection.prepare('SELECT "commitNumber", "sequence", "event" FROM "LeaseEvent"').raw().all([])
  connection.close()
  expect(rows).toEqual([
    [1, 0, 'assigned'],
    [2, 0, 'ended'],
    [3, 0, 'assigned'],
  ])
})

test('the tables follow by themselves, and a lease is written as the last commit left it', async () => {
  for (let number = 1; number <= 200; number += 1) {
    const binding = { ...fullBinding(number % 10), validSeconds: number }
    await store.commit(commitOf(number, put(binding)))
  }
  await expect.poll(() => inTables(database.file).lastCommitNumber, { timeout: 10_000 }).toBe(200)
  expect(inTables(database.file).bindings.map(({ validSeconds }) => validSeconds)).toEqual([
    200, 191, 192, 193, 194, 195, 196, 197, 198, 199,
  ])
})

test('whoever waits for the tables gets them at once, and nobody waits longer than he says', async () => {
  await store.close()
  const progress = new SharedProgress()
  store = openFileWorkerStore(database.file, keepAll, { progress })
  expect(await progress.untilFollowed(0, () => store.hasten())).toBe(true)
  const startedAt = performance.now()
  // By themselves they follow twice a second.
  for (let number = 1; number <= 20; number += 1) {
    await store.commit(commitOf(number, put(fullBinding(number))))
    expect(await progress.untilFollowed(20_000, () => store.hasten())).toBe(true)
    expect(inTables(database.file).lastCommitNumber).toBe(number)
  }
  expect(performance.now() - startedAt).toBeLessThan(10_000)
  const other = openWriteConnection(database.file)
  other.exec('BEGIN IMMEDIATE')
  await store.commit(commitOf(21, put(fullBinding(21))))
  expect(await progress.untilFollowed(100, () => store.hasten())).toBe(false)
  other.exec('ROLLBACK')
  other.close()
  expect(await progress.untilFollowed(20_000, () => store.hasten())).toBe(true)
})

test('what an operator did is in the tables when it is answered, and once only, though leases before it are not', async () => {
  const many = Array.from({ length: 3000 }, (_, number) => fullBinding(number))
  await store.commit(commitOf(1, put(...many)))
  await store.commit(commitOf(2, [...put({ ...fullBinding(7), status: 'RESET' }), audit]))
  expect(auditCount(database.file)).toEqual([1])
  const reset = inTables(database.file).bindings.find(({ status }) => status === 'RESET')
  expect(reset).toMatchObject({ prefix: fullBinding(7).prefix })
  // An earlier commit that the tables come to later must not undo it.
  await store.settle()
  expect(inTables(database.file).bindings).toHaveLength(3000)
  expect(inTables(database.file).bindings.filter(({ status }) => status === 'RESET')).toHaveLength(1)
  expect(auditCount(database.file)).toEqual([1])
  const { file, state } = crashed()
  state()
  expect(auditCount(file)).toEqual([1])
})

test('a copy of tables that were ahead with what operators read loses nothing of what its server does next', async () => {
  await store.close()
  writeFact(database.connection, NodeFactKey.toldCommitNumber, '5')
  forgetCommitLog(database.connection)
  store = openFileWorkerStore(database.file, keepAll)
  await store.commit(commitOf(1, [audit]))
  expect(auditCount(database.file)).toEqual([1])
})

test('a start brings the tables up to the log once, and a second one finds nothing left to do', async () => {
  await store.commit(commitOf(1, [audit, ...put(fullBinding(1))]))
  await store.commit(commitOf(2, put(fullBinding(2))))
  const { file, state } = crashed()
  expect(state().lastCommitNumber).toBe(2)
  expect(state().lastCommitNumber).toBe(2)
  expect(auditCount(file)).toEqual([1])
  const again = openFileWorkerStore(file, keepAll)
  await again.commit(commitOf(3, put(fullBinding(3))))
  await again.close()
  expect(restoreFile(file).bindings).toHaveLength(3)
})

test('a server that stops in order leaves the database alone, with everything in it', async () => {
  await store.commit(commitOf(1, put(fullBinding(1))))
  await store.close()
  expect(existsSync(commitLogFolder(database.file))).toBe(false)
  expect(inTables(database.file)).toMatchObject({ bindings: [fullBinding(1)], lastCommitNumber: 1 })
  store = openFileWorkerStore(database.file, keepAll)
})

test('a database without the commit log that belongs to it is refused, and one that was stopped in order is not', async () => {
  await store.commit(commitOf(1, put(fullBinding(1))))
  const { file, state } = crashed()
  renameSync(commitLogFolder(file), `${commitLogFolder(file)}.away`)
  expect(state).toThrow('is not whole')
  expect(() => openFileWorkerStore(file, keepAll)).toThrow('tandem restore')
})

test('tables that cannot be written stop no commit, are told of, and catch up', { timeout: 30_000 }, async () => {
  await store.close()
  const told: (string | undefined)[] = []
  store = openFileWorkerStore(database.file, keepAll, { behind: (detail) => told.push(detail) })
  const other = openWriteConnection(database.file)
  other.exec('BEGIN IMMEDIATE')
  expect(await store.commit(commitOf(1, put(fullBinding(1))))).toMatchObject({ number: 1 })
  await expect.poll(() => told, { timeout: 20_000 }).toEqual([expect.stringContaining('locked')])
  expect(await store.commit(commitOf(2, put(fullBinding(2))))).toMatchObject({ number: 2 })
  other.exec('ROLLBACK')
  other.close()
  await expect.poll(() => told.at(-1), { timeout: 20_000 }).toBeUndefined()
  expect(inTables(database.file).lastCommitNumber).toBe(2)
})

test('commits wait for tables that are too far behind, and go on when they are not', { timeout: 30_000 }, async () => {
  await store.close()
  store = openFileWorkerStore(database.file, keepAll, { behindOctetsMax: 5000 })
  const other = openWriteConnection(database.file)
  other.exec('BEGIN IMMEDIATE')
  let number = 0
  const one = async (): Promise<unknown> => store.commit(commitOf((number += 1), put(fullBinding(number))))
  await expect(
    (async () => {
      while (number < 1000) await one()
    })(),
  ).rejects.toThrow('too far behind')
  expect(number).toBeGreaterThan(5)
  expect(number).toBeLessThan(50)
  other.exec('ROLLBACK')
  other.close()
  number -= 1
  await expect
    .poll(async () => one().catch(() => (number -= 1)), { timeout: 20_000 })
    .toMatchObject({ number: expect.any(Number) })
})
