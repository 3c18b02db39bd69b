/** What a call to the API ends in when it does not succeed: the server's problem (RFC 9457), or no answer at all. */
import type { Problem, ProblemKind } from '../problem.ts'

export class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  /** null: the server was not reached, or answered with something that is not of this API. */
  readonly problem: Problem | null

  constructor(problem: Problem | null, message: string) {
    super(message)
    this.problem = problem
  }

  is(kind: ProblemKind): boolean {
    return this.problem?.type === `urn:tandem:problem:${kind}`
  }
}

export function failureOf(error: unknown): ApiFailure {
  return error instanceof ApiFailure ? error : new ApiFailure(null, error instanceof Error ? error.message : 'unknown')
}
