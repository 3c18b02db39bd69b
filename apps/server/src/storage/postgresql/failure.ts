/** What a commit's error means: a bug, a full disk, or something that may pass (PostgreSQL manual, appendix A). */
import { DatabaseError } from 'pg'
import type { CommitFailureKind } from '../commit.ts'
import { DatabaseLost } from './session.ts'

const DISK_FULL = '53100'
/** Values that do not fit, violated constraints, tables that are not there: fails again at every try. */
const BUGS = /^(?:22|23|42(?!501))/u

export function failureOfPostgresql(error: unknown): CommitFailureKind {
  if (error instanceof DatabaseLost) return 'failed'
  // What is no error of the database is a bug of ours.
  if (!(error instanceof DatabaseError)) return 'constraint'
  const code = error.code ?? ''
  if (code === DISK_FULL) return 'disk-full'
  return BUGS.test(code) ? 'constraint' : 'failed'
}
