/** What `tandem ctl` ends with: scripts decide by these numbers, so a number never gets another meaning. */
import type { ApiFailure, Server } from '@tandem/api-contract'

export const ExitCode = {
  done: 0,
  wrongUse: 1,
  noAnswer: 2,
  notAllowed: 3,
  notFound: 4,
  refused: 5,
  notNow: 6,
  degraded: 10,
  atRisk: 11,
  down: 12,
} as const
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

export const EXIT_CODES_HELP = `
Exit codes:
   0  done; of status: all is well
   1  wrong use of the command line
   2  the server was not reached, or what answered is no server of this kind
   3  not signed in, or role or scope of the token are too small
   4  there is no such thing
   5  refused: the state does not allow it, it changed meanwhile, or a value is wrong
   6  the server cannot do it now: it holds back, stops, or fails
  10  status: degraded; compare-configuration, compare-leases: they differ    11  status: at risk    12  status: down
`

export function exitCodeOf({ problem }: ApiFailure): ExitCode {
  if (problem === null) return ExitCode.noAnswer
  const { status } = problem
  if (status === 401 || status === 403) return ExitCode.notAllowed
  if (status === 404) return ExitCode.notFound
  return status === 429 || status >= 500 ? ExitCode.notNow : ExitCode.refused
}

const levels = {
  ok: ExitCode.done,
  degraded: ExitCode.degraded,
  'at-risk': ExitCode.atRisk,
  down: ExitCode.down,
} as const

export function exitCodeOfLevel(level: Server['headline']['level']): ExitCode {
  return levels[level]
}
