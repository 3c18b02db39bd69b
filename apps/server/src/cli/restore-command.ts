/** `tandem restore`: marks a database that came back from a backup as a lost one, after putting the backup into place if asked (decision 0070). */
import { randomUUID } from 'node:crypto'
import { chmodSync, copyFileSync, existsSync, renameSync, rmSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, resolve } from 'node:path'
import type { ServerConfiguration } from '../configuration/server-configuration.ts'
import { BackupRefused } from '../storage/backup-refused.ts'
import { foldCommitLog, forgetCommitLog } from '../storage/commit-log/catch-up.ts'
import { commitLogFolder } from '../storage/commit-log/log-folder.ts'
import { closeInOneFile, flush, lookAtBackup, type BackupFacts } from '../storage/backup.ts'
import { openWriteConnection, type Connection } from '../storage/connection.ts'
import { lockFile } from '../storage/file-lock.ts'
import { migrate } from '../storage/migrate.ts'
import { markRestored } from '../storage/restored-store.ts'
import { StorageUnusable } from '../storage/storage-unusable.ts'
import { fileOfStorageUrl, isPostgresqlUrl } from '../storage/storage-url.ts'
import { insistOnConfiguration } from './check-command.ts'
import { restorePostgresql } from './restore-postgresql.ts'
import { restoredText } from './restored-text.ts'
import { UserError } from './user-error.ts'

export interface RestoreWish {
  readonly file: string
  /** Undefined: the backup lies in its place already. */
  readonly from: string | undefined
}

export async function restoreCommand({ file, from }: RestoreWish): Promise<void> {
  const configuration = insistOnConfiguration(file)
  try {
    if (isPostgresqlUrl(configuration.node.storageUrl)) {
      process.stdout.write(`${await restorePostgresql(configuration, from)}\n`)
      return
    }
    const lock = lockFile(fileOfStorageUrl(configuration.node.storageUrl))
    try {
      process.stdout.write(`${restore(configuration, from)}\n`)
    } finally {
      lock.release()
    }
  } catch (error) {
    if (error instanceof BackupRefused || error instanceof StorageUnusable) throw new UserError(error.message)
    throw error
  }
}

function restore({ node, engine }: ServerConfiguration, from: string | undefined): string {
  const place = fileOfStorageUrl(node.storageUrl)
  const facts = lookAtBackup(from === undefined ? place : resolve(from))
  mustBeOfThisServer(facts, node.name, from === undefined ? place : from)
  if (from !== undefined) mustFit(facts, place, from)
  const unfinished = from === undefined ? place : `${place}.restoring`
  if (from !== undefined) {
    for (const ending of ['', '-wal', '-shm']) rmSync(`${unfinished}${ending}`, { force: true })
    copyFileSync(resolve(from), unfinished)
    chmodSync(unfinished, 0o600)
  }
  const atMs = Date.now()
  const connection = openWriteConnection(unfinished)
  let recovering: readonly string[]
  try {
    migrate(connection, atMs)
    if (from === undefined) takeCommitLog(connection, place, atMs)
    forgetCommitLog(connection)
    recovering = markRestored(connection, {
      relationships: engine.relationships,
      operator: userInfo().username,
      commandId: randomUUID(),
      atMs,
    })
  } finally {
    closeInOneFile(connection)
  }
  flush(unfinished)
  const aside = from === undefined ? undefined : putIntoPlace(unfinished, place, atMs)
  return restoredText({ place, lastCommitAtMs: facts.lastCommitAtMs, aside, recovering, name: node.name })
}

/** The old one is moved away only when the new one is whole and on disk. */
function putIntoPlace(unfinished: string, place: string, atMs: number): string | undefined {
  let aside: string | undefined
  if (existsSync(place)) {
    aside = asideOf(place, atMs)
    closeInOneFile(openWriteConnection(place))
    renameSync(place, aside)
    moveAside(commitLogFolder(place), commitLogFolder(aside))
  }
  for (const ending of ['-wal', '-shm']) rmSync(`${place}${ending}`, { force: true })
  renameSync(unfinished, place)
  flush(dirname(place))
  return aside
}

function asideOf(place: string, atMs: number): string {
  return `${place}.before-restore-${isoOf(atMs).replaceAll(':', '')}`
}

/** What was promised last, where it fits; else it is of another time than the database, and the partner tells what it held. */
function takeCommitLog(connection: Connection, place: string, atMs: number): void {
  try {
    foldCommitLog(connection, place)
  } catch (error) {
    if (!(error instanceof StorageUnusable)) throw error
    moveAside(commitLogFolder(place), commitLogFolder(asideOf(place, atMs)))
  }
}

function moveAside(folder: string, to: string): void {
  if (existsSync(folder)) renameSync(folder, to)
}

function mustBeOfThisServer({ serverName }: BackupFacts, name: string, file: string): void {
  if (serverName === undefined || serverName === name) return
  throw new BackupRefused(
    `${file} is the database of ${serverName}, not of ${name}. A server must not take over what another has promised.`,
  )
}

/** What is in place tells whether the backup is this server's, and older. */
function mustFit(facts: BackupFacts, place: string, from: string): void {
  if (!existsSync(place)) return
  const present = lookAtBackup(place)
  if (present.serverDuid !== facts.serverDuid) {
    throw new BackupRefused(
      `${from} belongs to another server identifier than ${place}. If ${place} is a new, empty one, move it away first.`,
    )
  }
  if (facts.lastCommitNumber > present.lastCommitNumber) {
    throw new BackupRefused(
      `${from} is newer than ${place} (commit ${facts.lastCommitNumber} and ${present.lastCommitNumber}). If that is what you ` +
        `want, move ${place} away first.`,
    )
  }
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString()
}
