/** A PostgreSQL database that came back from a dump, a base backup or a snapshot is marked as a lost one (decisions 0070 and 0092). */
import { parseServerName } from '../backup-refused.ts'
import { NodeFactKey } from '../node-fact-keys.ts'
import { FORGET_SIGN_INS, restorationCommit, type Restoration } from '../restoration-commit.ts'
import { nameOfStorage } from '../storage-url.ts'
import { checkServer } from './check-server.ts'
import { deleteFact, placeOf, readFact, writeFacts } from './facts.ts'
import { migratePostgresql } from './migrate-postgresql.ts'
import { PostgresqlEngineStore } from './postgresql-engine-store.ts'
import { restoreFrom } from './read-postgresql-engine.ts'
import { inTransaction, Session } from './session.ts'

export interface PostgresqlCopy {
  /** Undefined: no server has ever run on it. */
  readonly serverDuid: string | undefined
  /** In the last configuration that ran. */
  readonly serverName: string | undefined
  readonly lastCommitAtMs: number | undefined
}

/** Migrates it too: a dump may be older than this version. */
export async function lookAtPostgresql(storageUrl: string, nowMs: number): Promise<PostgresqlCopy> {
  return onSession(storageUrl, async (session) => {
    await checkServer(session, nameOfStorage(storageUrl))
    await migratePostgresql(session, nowMs)
    const [revision] = await session.rows('SELECT "text" FROM "ConfigurationRevision" ORDER BY "number" DESC LIMIT 1')
    const lastCommitAt = await readFact(session, NodeFactKey.lastCommitAt)
    return {
      serverDuid: await readFact(session, NodeFactKey.serverDuid),
      serverName: typeof revision?.[0] === 'string' ? parseServerName(revision[0]) : undefined,
      lastCommitAtMs: lastCommitAt === undefined ? undefined : Number(lastCommitAt),
    }
  })
}

/** Answers the names of the relationships that recover now. Takes the database for itself: rejects while a server runs on it. */
export async function markPostgresqlRestored(storageUrl: string, restoration: Restoration): Promise<readonly string[]> {
  const store = await PostgresqlEngineStore.open(storageUrl)
  try {
    return await onSession(storageUrl, async (session) => {
      const { state, lastCommitNumber } = await restoreFrom(session)
      const { commit, recovering } = restorationCommit(state.endpoints, lastCommitNumber + 1, restoration)
      await store.commit(commit)
      await inTransaction(session, async () => {
        for (const sql of FORGET_SIGN_INS) await session.run(sql)
        await writeFacts(
          session,
          new Map([
            [NodeFactKey.storagePlace, await placeOf(session)],
            [NodeFactKey.restoredAt, String(restoration.atMs)],
          ]),
        )
        // With the place: until here a server refuses to start on a copy.
        await deleteFact(session, NodeFactKey.backupMadeAt)
      })
      return recovering
    })
  } finally {
    await store.close()
  }
}

async function onSession<Result>(storageUrl: string, use: (session: Session) => Promise<Result>): Promise<Result> {
  const session = await Session.open(storageUrl, 'restore')
  try {
    return await use(session)
  } finally {
    await session.close()
  }
}
