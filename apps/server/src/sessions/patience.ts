/** How somebody is told to wait before the next password. */
import { HttpProblem } from '../http/http-problem.ts'
import { PasswordsBusy } from '../http/passwords.ts'
import type { Attempt } from './sign-in-limit.ts'

/** Throws unless there is nothing to wait for. */
export function waitFirst(waitMs: number): void {
  if (waitMs > 0) throw tooManyAttempts(waitMs)
}

export function tooManyAttempts(waitMs: number): HttpProblem {
  return tooMany('Too many wrong attempts came before this one.', Math.ceil(waitMs / 1000))
}

/** Where so many passwords wait to be checked that this one was not: that counts as no attempt. */
export async function unlessBusy<Result>(attempt: Attempt, check: () => Promise<Result>): Promise<Result> {
  try {
    return await check()
  } catch (error) {
    attempt.takenBack()
    if (error instanceof PasswordsBusy) throw tooMany('Too many passwords are being checked at this moment.', 2)
    throw error
  }
}

function tooMany(detail: string, retryAfterSeconds: number): HttpProblem {
  const remedy = `Wait ${retryAfterSeconds} s and try again.`
  return new HttpProblem('too-many-attempts', { detail, remedy, retryAfterSeconds })
}
