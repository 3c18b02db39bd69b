/** Whether a question of the console failed because its database cannot be reached, as its drivers tell it, or for another reason. */

const CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  // Prisma: cannot be reached, takes too long, closed the connection.
  'P1001',
  'P1002',
  'P1017',
  // PostgreSQL: shutting down, crashed, cannot connect now.
  '57P01',
  '57P02',
  '57P03',
])

/** Without a code of their own, or with one that other things have too: a socket that is not there. */
const WORDS = /connect ENOENT|Connection terminated|timeout exceeded when trying to connect|Query read timeout/u

export function isStorageAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return CODES.has(code) || code.startsWith('08') || WORDS.test(error.message)
}
