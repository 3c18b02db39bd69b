/** What stands in the commit log of a server that ended without putting it into the tables (decision 0087). */
import { existsSync } from 'node:fs'
import { inTransaction, type Connection } from '../connection.ts'
import { NodeFactKey } from '../node-fact-keys.ts'
import { deleteFact, readFact, readNumberFact, writeFact } from '../node-facts.ts'
import { StorageUnusable } from '../storage-unusable.ts'
import { TableFollower } from './follow-tables.ts'
import { commitLogFolder, makeCommitLogFolder, removeCommitLogFolder } from './log-folder.ts'
import { CommitLogReader } from './log-reader.ts'

const OPEN = 'open'

/**
 * Brings the tables up to the end of the log; cheap where nothing is left, and harmless beside a running server. Answers
 * the number of the last commit. Throws StorageUnusable where the log that belongs to the database is missing or damaged.
 */
export function catchUp(connection: Connection, databaseFile: string): number {
  const folder = commitLogFolder(databaseFile)
  const number = readNumberFact(connection, NodeFactKey.lastCommitNumber) ?? 0
  if (!existsSync(folder)) {
    mustBeClosed(connection, databaseFile, folder)
    return number
  }
  const reader = new CommitLogReader(folder, readFact(connection, NodeFactKey.serverDuid) ?? '', number)
  try {
    const follower = new TableFollower(connection, reader)
    while (follower.step(Number.MAX_SAFE_INTEGER) !== undefined);
  } finally {
    reader.close()
  }
  return reader.last
}

/** From here on commits may be in the log only. */
export function openCommitLog(connection: Connection, databaseFile: string): string {
  const folder = commitLogFolder(databaseFile)
  makeCommitLogFolder(folder)
  writeFact(connection, NodeFactKey.commitLog, OPEN)
  return folder
}

/** All commits are in the tables: the database alone is everything. */
export function closeCommitLog(connection: Connection, databaseFile: string): void {
  deleteFact(connection, NodeFactKey.commitLog)
  removeCommitLogFolder(commitLogFolder(databaseFile))
}

/** For a command that has the storage to itself: afterwards the database alone is everything. */
export function foldCommitLog(connection: Connection, databaseFile: string): void {
  catchUp(connection, databaseFile)
  closeCommitLog(connection, databaseFile)
}

/** Of a copy that will live elsewhere: its next commits have numbers that were told here already, of other commits. */
export function forgetCommitLog(connection: Connection): void {
  inTransaction(connection, () => {
    deleteFact(connection, NodeFactKey.commitLog)
    deleteFact(connection, NodeFactKey.toldCommitNumber)
  })
}

function mustBeClosed(connection: Connection, databaseFile: string, folder: string): void {
  // Looked at again: a server that stops in order removes the folder after the fact.
  if (readFact(connection, NodeFactKey.commitLog) !== OPEN || existsSync(folder)) return
  throw new StorageUnusable(
    `The storage ${databaseFile} is not whole: the folder ${folder} with its last commits is missing. If it cannot be ` +
      'brought back, run `tandem restore`, so that the server recovers from its partner.',
  )
}
