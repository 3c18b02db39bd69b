/** `tandem restore` on PostgreSQL: the database's own tools put the copy into place, and this marks it (decision 0092). */
import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import type { ServerConfiguration } from '../configuration/server-configuration.ts'
import { BackupRefused } from '../storage/backup-refused.ts'
import { lookAtPostgresql, markPostgresqlRestored } from '../storage/postgresql/restored-postgresql.ts'
import { nameOfStorage } from '../storage/storage-url.ts'
import { asUnusable } from '../storage/storage-unusable.ts'
import { restoredText } from './restored-text.ts'

/** Rejects with BackupRefused or StorageUnusable; answers what to tell the operator. */
export async function restorePostgresql(
  { node, engine }: ServerConfiguration,
  from: string | undefined,
): Promise<string> {
  const storage = nameOfStorage(node.storageUrl)
  if (from !== undefined) {
    throw new BackupRefused(
      `--from takes a copy of a database file, and the storage of ${node.name} is ${storage}. Put the copy into place with ` +
        'the tools of PostgreSQL (pg_restore, psql, or its base backup), then run "tandem restore" without --from.',
    )
  }
  const atMs = Date.now()
  try {
    const { serverDuid, serverName, lastCommitAtMs } = await lookAtPostgresql(node.storageUrl, atMs)
    if (serverDuid === undefined) throw new BackupRefused(`${storage} belongs to no server: it has no identifier.`)
    if (serverName !== undefined && serverName !== node.name) {
      throw new BackupRefused(
        `${storage} is the database of ${serverName}, not of ${node.name}. A server must not take over what another has promised.`,
      )
    }
    const recovering = await markPostgresqlRestored(node.storageUrl, {
      relationships: engine.relationships,
      operator: userInfo().username,
      commandId: randomUUID(),
      atMs,
    })
    return restoredText({ place: storage, lastCommitAtMs, aside: undefined, recovering, name: node.name })
  } catch (error) {
    if (error instanceof BackupRefused) throw error
    throw asUnusable(storage, error)
  }
}
