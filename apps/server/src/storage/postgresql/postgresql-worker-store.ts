/** A PostgreSQL database behind the storage worker: one session that commits and holds the lock, and one for records. */
import type { Retention } from '../record-batch.ts'
import type { WorkerStore } from '../worker-store.ts'
import { failureOfPostgresql } from './failure.ts'
import { PostgresqlEngineStore } from './postgresql-engine-store.ts'
import { PostgresqlRecordStore } from './postgresql-record-store.ts'

export async function openPostgresqlWorkerStore(storageUrl: string, retention: Retention): Promise<WorkerStore> {
  const store = await PostgresqlEngineStore.open(storageUrl)
  const records = new PostgresqlRecordStore(storageUrl, retention)
  return {
    commit: (commit) => store.commit(commit),
    failureOf: failureOfPostgresql,
    record: (batch) => records.write(batch),
    prune: (nowMs) => records.prune(nowMs),
    async close() {
      await records.close()
      await store.close()
    },
  }
}
