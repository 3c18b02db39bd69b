/** Opens a PostgreSQL database for a short while: first steps of a start, and commands beside a running server. */
import { BackupRefused, refuseBackup } from '../backup-refused.ts'
import type { ConfigurationRecord } from '../configuration-revisions.ts'
import { NodeFactKey } from '../node-fact-keys.ts'
import type { Storage } from '../open-storage.ts'
import { SERVER_STARTS_MAX, type ServerStart } from '../server-starts.ts'
import { nameOfStorage } from '../storage-url.ts'
import type { StorageLock } from '../storage-lock.ts'
import { asUnusable } from '../storage-unusable.ts'
import { mustLock } from './advisory-lock.ts'
import { checkServer } from './check-server.ts'
import { ensureServerDuid, placeOf, readFact, readNumberFact } from './facts.ts'
import { migratePostgresql } from './migrate-postgresql.ts'
import { inTransaction, Session } from './session.ts'

export async function openPostgresqlStorage(storageUrl: string, nowMs: number): Promise<Storage> {
  const name = nameOfStorage(storageUrl)
  return opened(storageUrl, 'start', async (session) => {
    await checkServer(session, name)
    const migrationsApplied = await migratePostgresql(session, nowMs)
    return {
      serverDuid: await ensureServerDuid(session),
      migrationsApplied,
      warnings: [],
      recordConfiguration: (record) => recordConfiguration(session, record),
      recordStart: (start) => recordStart(session, start),
      catchUp: async () => undefined,
      mustBeNoBackup: async () => {
        refuseBackup(await readNumberFact(session, NodeFactKey.backupMadeAt), name)
        refuseCopy(await readFact(session, NodeFactKey.storagePlace), await placeOf(session), name)
      },
      close: () => session.close(),
    }
  })
}

/** A dump that was read into another database looks like the one that it was made of, and is older (decision 0092). */
function refuseCopy(madeIn: string | undefined, place: string, name: string): void {
  if (madeIn === place) return
  throw new BackupRefused(
    `The storage ${name} is a copy of another database, and what was promised since it was made may not be in it. ` +
      'Run "tandem restore --config FILE" first: the server then recovers from its partner.',
  )
}

export async function lockPostgresql(storageUrl: string): Promise<StorageLock> {
  return opened(storageUrl, 'lock', async (session) => {
    await checkServer(session, nameOfStorage(storageUrl))
    await mustLock(session, nameOfStorage(storageUrl))
    const release = async (): Promise<void> => {
      if (!session.isLost) await session.close()
    }
    return { handOver: release, release }
  })
}

async function opened<Result>(
  storageUrl: string,
  purpose: string,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  try {
    const session = await Session.open(storageUrl, purpose)
    try {
      return await use(session)
    } catch (error) {
      session.abandon()
      throw error
    }
  } catch (error) {
    throw asUnusable(nameOfStorage(storageUrl), error)
  }
}

function recordConfiguration(session: Session, record: ConfigurationRecord): Promise<number> {
  return inTransaction(session, async () => {
    const [latest] = await session.rows(
      'SELECT "number", "sha256" FROM "ConfigurationRevision" ORDER BY "number" DESC LIMIT 1',
    )
    if (latest?.[1] === record.sha256) return Number(latest[0])
    const number = Number(latest?.[0] ?? 0) + 1
    await session.rows(
      'INSERT INTO "ConfigurationRevision" ("number", "sha256", "text", "who", "why", "at") VALUES ($1, $2, $3, $4, $5, $6)',
      [number, record.sha256, record.text, record.who, record.why, record.atMs],
    )
    return number
  })
}

function recordStart(session: Session, { atMs, version }: ServerStart): Promise<void> {
  return inTransaction(session, async () => {
    const ranUntilMs = (await readNumberFact(session, NodeFactKey.runningUntil)) ?? null
    await session.rows('INSERT INTO "ServerStart" ("at", "ranUntil", "version") VALUES ($1, $2, $3)', [
      atMs,
      ranUntilMs,
      version,
    ])
    await session.rows('DELETE FROM "ServerStart" WHERE "id" <= (SELECT max("id") FROM "ServerStart") - $1', [
      SERVER_STARTS_MAX,
    ])
  })
}
