/** What an error of the database file, or of the commit log beside it, means for whoever asked. */
import type { CommitFailureKind } from './commit.ts'

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT'])

/** What is no error of the database is a bug of ours and fails again at every try, like a violated constraint. */
export function failureOfFile(error: unknown): CommitFailureKind {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('SQLITE_FULL') || FULL.has(code)) return 'disk-full'
  // Not an error of a system call, but what Node says of a wrong value.
  const isOurs = code === '' || code.startsWith('ERR_')
  if (isOurs || code.startsWith('SQLITE_CONSTRAINT') || code.startsWith('SQLITE_MISMATCH')) return 'constraint'
  return 'failed'
}
