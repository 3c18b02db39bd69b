/** `tandem backup`: a consistent copy of a server's database, whether the server runs or not. */
import { resolve } from 'node:path'
import { BackupRefused } from '../storage/backup-refused.ts'
import { makeBackup } from '../storage/backup.ts'
import { fileOfStorageUrl, isPostgresqlUrl, nameOfStorage } from '../storage/storage-url.ts'
import { insistOnConfiguration } from './check-command.ts'
import { UserError } from './user-error.ts'

export interface BackupWish {
  readonly file: string
  readonly to: string
}

export function backupCommand({ file, to }: BackupWish): void {
  const { node } = insistOnConfiguration(file)
  const target = resolve(to)
  if (isPostgresqlUrl(node.storageUrl)) throw new UserError(postgresqlSentence(node.storageUrl))
  try {
    makeBackup(fileOfStorageUrl(node.storageUrl), target, Date.now())
  } catch (error) {
    throw error instanceof BackupRefused ? new UserError(error.message) : error
  }
  process.stdout.write(
    `${target}: a copy of the database of ${node.name}. It is brought back by "tandem restore --config ${file} --from ${to}".\n`,
  )
}

function postgresqlSentence(storageUrl: string): string {
  return (
    `The storage ${nameOfStorage(storageUrl)} is copied with the tools of PostgreSQL, whether the server runs or not: pg_dump ` +
    'for this database, pg_basebackup for the whole cluster. Whatever is brought back has forgotten what was promised since: run ' +
    '"tandem restore" before the server starts on it.'
  )
}
