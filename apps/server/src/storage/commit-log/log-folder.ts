/** Where the commit log of a database file stands: a folder beside it with numbered segments. */
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

export function commitLogFolder(databaseFile: string): string {
  return `${databaseFile}-commits`
}

export function segmentFile(folder: string, sequence: number): string {
  return join(folder, `${String(sequence).padStart(10, '0')}.log`)
}

/** In the order in which they were begun; none where there is no folder. */
export function segmentsIn(folder: string): readonly number[] {
  return namesIn(folder)
    .flatMap((name) => (/^\d{10}\.log$/u.test(name) ? [Number.parseInt(name, 10)] : []))
    .toSorted((a, b) => a - b)
}

/** On disk when it returns. */
export function makeCommitLogFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  flushFolder(dirname(folder))
}

export function removeCommitLogFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** Without it a new file may be missing after a crash, though what it holds was flushed. */
export function flushFolder(folder: string): void {
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
