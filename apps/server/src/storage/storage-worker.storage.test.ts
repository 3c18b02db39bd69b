/** The storage worker as a thread, in front of the real database. */
import { MessageChannel, Worker } from 'node:worker_threads'
import { instant } from '@tandem/engine'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StoragePort } from './storage-port.ts'
import { isPostgresqlUrl } from './storage-url.ts'
import type { StorageWorkerData } from './storage-worker.ts'
import { commitOf, fullBinding, keepAll, put } from './test-support/fixtures.ts'
import { execute, openTestStorage, restoreWhole, rowsOf, type TestStorage } from './test-support/test-storage.ts'

let storage: TestStorage

beforeEach(async () => {
  storage = await openTestStorage()
})

afterEach(() => storage.close())

function startWorker(recordFailed: (detail: string) => void = () => undefined): {
  readonly port: StoragePort
  readonly ended: Promise<unknown>
} {
  const { port1, port2 } = new MessageChannel()
  const { storageUrl } = storage
  const workerData: StorageWorkerData = { storage: true, storageUrl, port: port1, retention: keepAll }
  const worker = new Worker(new URL('./storage-worker.ts', import.meta.url), {
    workerData,
    transferList: [port1],
    execArgv: ['--conditions=source'],
  })
  return {
    port: new StoragePort(port2, { takesText: !isPostgresqlUrl(storageUrl), recordFailed }),
    ended: new Promise((resolve) => worker.once('exit', resolve)),
  }
}

const notANumber = { ...fullBinding(2), statusSince: instant(Number.NaN) }

test('it answers when the commit is in the database, and goes on where the last one stopped', async () => {
  await storage.commit(commitOf(1, []))
  await storage.release()
  const { port, ended } = startWorker()
  expect(await port.commit(commitOf(2, put(fullBinding(1))))).toEqual({
    ok: true,
    receipt: { number: 2, runningUntilMs: 5000 },
  })
  expect(await restoreWhole(storage.storageUrl)).toMatchObject({ bindings: [fullBinding(1)], lastCommitNumber: 2 })
  await port.close()
  await ended
})

test('a commit that breaks a rule is refused with the rule, and the next one is taken', async () => {
  const { port, ended } = startWorker()
  expect(await port.commit(commitOf(1, put(notANumber)))).toEqual({
    ok: false,
    failure: 'constraint',
    detail: expect.stringMatching(/statusSince|bigint/),
  })
  expect(await port.commit(commitOf(1, put(fullBinding(1))))).toMatchObject({ ok: true })
  await port.close()
  await ended
})

test('what explains is written beside the commits, and is there after a restart', async () => {
  const { port, ended } = startWorker()
  const change = { lease: '2001:db8::1', atMs: 5, from: undefined, to: 'ACTIVE', cause: 'client' } as const
  port.record({
    leaseChanges: [{ ...change, clientDuid: '0001', expiresAtMs: 9, commitNumber: 1 }],
    decisions: [],
  })
  expect(await port.commit(commitOf(1, put(fullBinding(1))))).toMatchObject({ ok: true })
  await port.close()
  await ended
  const rows = await rowsOf(storage.storageUrl, 'SELECT "lease", "at", "expiresAt" FROM "LeaseChange"')
  expect(rows).toEqual([['2001:db8::1', 5, 9]])
})

test('what explains and cannot be written is said, and commits go on', async () => {
  const failed: string[] = []
  const { port, ended } = startWorker((detail) => void failed.push(detail))
  expect(await port.commit(commitOf(1, put(fullBinding(1))))).toMatchObject({ ok: true })
  await execute(storage.storageUrl, 'DROP TABLE "LeaseChange"')
  const change = { lease: 'x', atMs: 5, from: undefined, to: 'ACTIVE', cause: 'client' } as const
  port.record({
    leaseChanges: [{ ...change, clientDuid: undefined, expiresAtMs: undefined, commitNumber: 1 }],
    decisions: [],
  })
  expect(await port.commit(commitOf(2, put(fullBinding(2))))).toMatchObject({ ok: true })
  await expect.poll(() => failed, { timeout: 10_000 }).toEqual([expect.stringContaining('LeaseChange')])
  await port.close()
  await ended
})
