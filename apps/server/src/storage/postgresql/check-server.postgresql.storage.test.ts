/** A PostgreSQL that does not keep what it commits is refused at the start, in a sentence that says what to change. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openStorage } from '../open-storage.ts'
import { StorageUnusable } from '../storage-unusable.ts'
import { commitOf, fullBinding, put } from '../test-support/fixtures.ts'
import { startPostgresqlCluster, type PostgresqlCluster } from '../test-support/postgresql-cluster.ts'
import { PostgresqlEngineStore } from './postgresql-engine-store.ts'

let cluster: PostgresqlCluster
let storageUrl: string

beforeAll(async () => {
  cluster = await startPostgresqlCluster()
  storageUrl = await cluster.databaseUrl('alpha')
})

afterAll(() => cluster.remove())

afterEach(async () => {
  await cluster.administer('ALTER DATABASE alpha RESET ALL')
  await cluster.stop('fast')
  await cluster.start()
})

const opening = async (): Promise<void> => {
  const storage = await openStorage(storageUrl, 1)
  await storage.close()
}

test.each(['off', 'local', 'remote_write'])('synchronous_commit = %s is refused', async (value) => {
  await cluster.administer(`ALTER DATABASE alpha SET synchronous_commit = ${value}`)
  await expect(opening()).rejects.toThrow(
    `synchronous_commit is ${value}, so a crash may take back what clients were told`,
  )
  await cluster.administer('ALTER DATABASE alpha SET synchronous_commit = remote_apply')
  await opening()
})

test('a server that flushes nothing is refused', async () => {
  await cluster.stop('fast')
  await cluster.start(['fsync=off'])
  await expect(opening()).rejects.toThrow('fsync is off')
})

test('a server that is not there is refused in one sentence, without a password and with the host', async () => {
  await cluster.stop('fast')
  await expect(opening()).rejects.toThrow(StorageUnusable)
  await expect(openStorage('postgresql://tandem@127.0.0.1:1/alpha', 1)).rejects.toThrow(
    /^The storage postgresql:\/\/127\.0\.0\.1:1\/alpha cannot be used: .*ECONNREFUSED/u,
  )
  await cluster.start()
})

test('a setting that is changed while the server runs does not change how it commits', async () => {
  await opening()
  const store = await PostgresqlEngineStore.open(storageUrl)
  await cluster.administer('ALTER SYSTEM SET synchronous_commit = off')
  await cluster.administer('SELECT pg_reload_conf()')
  expect(await store.commit(commitOf(1, put(fullBinding(1))))).toMatchObject({ number: 1 })
  await expect(opening()).rejects.toThrow('synchronous_commit is off')
  await store.close()
  await cluster.administer('ALTER SYSTEM RESET synchronous_commit')
})

test('a commit waits for the synchronous standby; cut off from that wait it counts as failed, until a standby has it', async () => {
  await opening()
  const store = await PostgresqlEngineStore.open(storageUrl)
  const said: string[] = []
  await cluster.administer(`ALTER SYSTEM SET synchronous_standby_names = 'not_there'`)
  await cluster.administer('SELECT pg_reload_conf()')
  await new Promise((resolve) => setTimeout(resolve, 500))
  const first = store.commit(commitOf(store.lastCommitNumber + 1, put(fullBinding(2)))).then(
    () => said.push('committed'),
    (error: unknown) => said.push(String(error)),
  )
  await new Promise((resolve) => setTimeout(resolve, 1000))
  expect(said).toEqual([])
  // What an operator may do, and what a limit of the server does: the server then says COMMIT, with a warning.
  await cluster.administer(
    `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'tandem commits'`,
  )
  await first
  expect(said).toEqual([expect.stringContaining('committed with a warning')])
  const second = store
    .commit(commitOf(store.lastCommitNumber + 1, put(fullBinding(2))))
    .then(() => said.push('committed'))
  await new Promise((resolve) => setTimeout(resolve, 1000))
  expect(said).toHaveLength(1)
  await cluster.administer('ALTER SYSTEM RESET synchronous_standby_names')
  await cluster.administer('SELECT pg_reload_conf()')
  await second
  expect(said).toHaveLength(2)
  await store.close()
})
