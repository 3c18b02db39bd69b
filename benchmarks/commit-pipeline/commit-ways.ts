/** The ways to make a batch of changes durable that are compared: the server's storage, its worker in front of it, and a bare file. */
import { once } from 'node:events'
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { serialize } from 'node:v8'
import { MessageChannel, Worker } from 'node:worker_threads'
import { openWriteConnection } from '../../apps/server/src/storage/connection.ts'
import type { Commit } from '../../apps/server/src/storage/commit.ts'
import { EngineStore } from '../../apps/server/src/storage/engine-store.ts'
import { migrate } from '../../apps/server/src/storage/migrate.ts'
import { openStorage } from '../../apps/server/src/storage/open-storage.ts'
import { openWorkerStore } from '../../apps/server/src/storage/open-worker-store.ts'
import type { Retention } from '../../apps/server/src/storage/record-batch.ts'
import { StoragePort } from '../../apps/server/src/storage/storage-port.ts'
import { isPostgresqlUrl } from '../../apps/server/src/storage/storage-url.ts'
import type { PostgresqlCluster } from '../../apps/server/src/storage/test-support/postgresql-cluster.ts'

export interface CommitWay {
  readonly name: string
  /** Settles when all of it is on the disk; throws if it is not. */
  commit(commit: Commit): Promise<void> | void
  close(): Promise<void> | void
}

export function storeOnThisThread(folder: string): CommitWay {
  const connection = openWriteConnection(join(folder, 'store.db'))
  migrate(connection, 1)
  const store = new EngineStore(connection)
  return {
    name: 'SQLite on the thread',
    commit: (commit) => void store.commit(commit),
    close: () => void connection.close(),
  }
}

/** As the server runs: the batch goes to the storage worker as text, is flushed in its commit log, and its answer comes back. */
export function storeBehindWorker(folder: string): CommitWay {
  const file = join(folder, 'worker.db')
  const connection = openWriteConnection(file)
  migrate(connection, 1)
  connection.close()
  return workerOf(`file:${file}`, 'commit log in the storage worker, SQLite following')
}

/** A private cluster with the settings of a new one, on a socket of this machine; the same two ways. */
export async function postgresqlWays(cluster: PostgresqlCluster): Promise<readonly CommitWay[]> {
  const made = async (name: string): Promise<string> => {
    const storageUrl = await cluster.databaseUrl(name)
    const storage = await openStorage(storageUrl, 1)
    await storage.close()
    return storageUrl
  }
  const store = await openWorkerStore(await made('on_the_thread'), keepAll)
  const thread: CommitWay = {
    name: 'PostgreSQL on the thread',
    commit: async (commit) => {
      await store.commit(commit)
    },
    close: () => store.close(),
  }
  return [thread, workerOf(await made('in_the_worker'), 'PostgreSQL in the storage worker')]
}

const keepAll: Retention = {
  leaseSeconds: 1e9,
  leaseRows: 1e9,
  eventSeconds: 1e9,
  eventRows: 1e9,
  decisionSeconds: 1e9,
  decisionRows: 1e9,
  poolCount: 1,
}

function workerOf(storageUrl: string, name: string): CommitWay {
  const { port1, port2 } = new MessageChannel()
  const worker = new Worker(new URL('../../apps/server/src/storage/storage-worker.ts', import.meta.url), {
    workerData: { storage: true, storageUrl, port: port1, retention: keepAll },
    transferList: [port1],
  })
  const exited = once(worker, 'exit')
  const port = new StoragePort(port2, { takesText: !isPostgresqlUrl(storageUrl) })
  return {
    name,
    commit: async (commit) => {
      const outcome = await port.commit(commit)
      if (!outcome.ok) throw new Error(outcome.detail)
    },
    close: async () => {
      await port.close()
      await exited
    },
  }
}

/** The limit: the changes as octets at the end of a file, and one fdatasync. */
export function bareFile(folder: string): CommitWay {
  const file = openSync(join(folder, 'bare.log'), 'a')
  return {
    name: 'limit: append and fdatasync',
    commit: ({ changes }) => {
      writeSync(file, serialize(changes))
      fdatasyncSync(file)
    },
    close: () => closeSync(file),
  }
}
