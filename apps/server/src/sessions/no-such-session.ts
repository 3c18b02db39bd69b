/** The answer where an id names no session that is open. */
import { HttpProblem } from '../http/http-problem.ts'

export function noSuchSession(remedy: string): HttpProblem {
  return new HttpProblem('not-found', {
    detail: 'There is no open session with this id; perhaps it has just ended.',
    remedy,
    fields: [{ field: 'params.id', message: 'names no open session' }],
  })
}
