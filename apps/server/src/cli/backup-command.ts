/** `tandem backup`: a consistent copy of a server's database, whether the server runs or not. */
import { resolve } from 'node:path'
import { BackupRefused, makeBackup } from '../storage/backup.ts'
import { fileOfStorageUrl } from '../storage/storage-url.ts'
import { insistOnConfiguration } from './check-command.ts'
import { UserError } from './user-error.ts'

export interface BackupWish {
  readonly file: string
  readonly to: string
}

export function backupCommand({ file, to }: BackupWish): void {
  const { node } = insistOnConfiguration(file)
  const target = resolve(to)
  try {
    makeBackup(fileOfStorageUrl(node.storageUrl), target, Date.now())
  } catch (error) {
    throw error instanceof BackupRefused ? new UserError(error.message) : error
  }
  process.stdout.write(
    `${target}: a copy of the database of ${node.name}. It is brought back by "tandem restore --config ${file} --from ${to}".\n`,
  )
}
