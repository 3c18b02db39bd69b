/** One running server for each database: a lock that a session holds, and that ends with it. */
import { StorageUnusable } from '../storage-unusable.ts'
import type { Session } from './session.ts'

/** "TAND" and "EM" as numbers: nobody else's locks in a database of ours. */
const KEY = '1413566020, 17741'

export async function tryLock(session: Session): Promise<boolean> {
  const [row] = await session.rows(`SELECT pg_try_advisory_lock(${KEY})`)
  return row?.[0] === 1
}

/** Rejects with StorageUnusable where another session holds it. */
export async function mustLock(session: Session, storage: string): Promise<void> {
  if (await tryLock(session)) return
  throw new StorageUnusable(
    `The storage ${storage} is in use by another running server. Two servers must not share one: ` +
      'stop the other, or give this one a database of its own.',
  )
}

export async function backendOf(session: Session): Promise<number> {
  const [row] = await session.rows('SELECT pg_backend_pid()')
  return Number(row?.[0])
}

/** Ends the session of that number if it is the one that holds the lock: a former one of ours, whose end has not been noticed there. */
export async function endHolder(session: Session, backend: number): Promise<void> {
  await session.rows(
    `SELECT pg_terminate_backend(pid, 1000) FROM pg_locks
     WHERE locktype = 'advisory' AND granted AND pid = $1 AND (classid::int8, objid::int8) = (${KEY})
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [backend],
  )
}
