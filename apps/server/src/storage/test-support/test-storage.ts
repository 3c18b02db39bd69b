/** For tests: a storage of the kind that this run of the tests is about, empty and migrated, and a look at its tables. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Binding } from '@tandem/engine'
import { createHash } from 'node:crypto'
import { inject } from 'vitest'
import { catchUp } from '../commit-log/catch-up.ts'
import type { Commit, CommitFailureKind, CommitReceipt } from '../commit.ts'
import { openWriteConnection } from '../connection.ts'
import { openStorage } from '../open-storage.ts'
import { openWorkerStore } from '../open-worker-store.ts'
import { Session } from '../postgresql/session.ts'
import { readEngine } from '../read-engine.ts'
import type { RecordBatch, Retention } from '../record-batch.ts'
import { fileOfStorageUrl, isPostgresqlUrl } from '../storage-url.ts'
import type { WorkerStore } from '../worker-store.ts'
import { keepAll, type WholeState } from './fixtures.ts'
import { makeDatabase, removeDatabase } from './postgresql-cluster.ts'
import './shared-cluster.ts'

export interface TestStorage {
  readonly folder: string
  readonly storageUrl: string
  commit(commit: Commit): Promise<CommitReceipt>
  failureOf(error: unknown): CommitFailureKind
  /** Until lists show what was committed. */
  settle(): Promise<void>
  record(batch: RecordBatch): Promise<void>
  prune(nowMs: number): Promise<boolean>
  /** Lets go of the storage, so that a worker may take it. */
  release(): Promise<void>
  close(): Promise<void>
}

export async function openTestStorage(retention: Retention = keepAll): Promise<TestStorage> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-storage-'))
  const storageUrl = await testStorageUrl(folder, 'test')
  const storage = await openStorage(storageUrl, 1)
  await storage.close()
  let opened: WorkerStore | undefined
  const store = async (): Promise<WorkerStore> => (opened ??= await openWorkerStore(storageUrl, retention))
  const release = async (): Promise<void> => {
    await opened?.close()
    opened = undefined
  }
  return {
    folder,
    storageUrl,
    commit: async (commit) => (await store()).commit(commit),
    settle: async () => (await store()).settle?.(),
    failureOf: (error) => opened?.failureOf(error) ?? 'failed',
    record: async (batch) => (await store()).record(batch),
    prune: async (nowMs) => (await store()).prune(nowMs),
    release,
    async close() {
      await release()
      await removeTestStorage(storageUrl)
      rmSync(folder, { recursive: true })
    },
  }
}

/** The same for the same folder and name. */
export async function testStorageUrl(folder: string, name: string): Promise<string> {
  const socket = inject('postgresqlSocket')
  if (socket === undefined) return `file:${join(folder, `${name}.db`)}`
  return makeDatabase(socket, `${name}_${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`)
}

/** The folder of a file is removed by whoever made it. */
export async function removeTestStorage(storageUrl: string): Promise<void> {
  const socket = inject('postgresqlSocket')
  if (socket !== undefined) await removeDatabase(socket, storageUrl)
}

/** The rows as lists of values. */
export async function rowsOf(storageUrl: string, sql: string): Promise<readonly unknown[]> {
  if (isPostgresqlUrl(storageUrl)) return onSession(storageUrl, (session) => session.rows(sql))
  const connection = openWriteConnection(fileOfStorageUrl(storageUrl))
  try {
    catchUp(connection, fileOfStorageUrl(storageUrl))
    const rows: unknown = connection.prepare(sql).raw().all([])
    return Array.isArray(rows) ? rows.map((row: unknown) => row) : []
  } finally {
    connection.close()
  }
}

export async function execute(storageUrl: string, sql: string): Promise<void> {
  if (isPostgresqlUrl(storageUrl)) {
    await onSession(storageUrl, (session) => session.run(sql))
    return
  }
  const connection = openWriteConnection(fileOfStorageUrl(storageUrl))
  try {
    connection.exec(sql)
  } finally {
    connection.close()
  }
}

async function onSession<Result>(storageUrl: string, use: (session: Session) => Promise<Result>): Promise<Result> {
  const session = await Session.open(storageUrl, 'test')
  try {
    return await use(session)
  } finally {
    await session.close()
  }
}

export async function restoreWhole(storageUrl: string): Promise<WholeState> {
  return readEngine(storageUrl, ({ state, lastCommitNumber }) => {
    const bindings: readonly Binding[] = [...state.bindings]
    return { ...state, bindings, lastCommitNumber }
  })
}
