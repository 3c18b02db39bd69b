/** How the mock refuses: with a problem, as the server does. */
import type { Problem, ProblemKind } from '@tandem/api-contract'

export class Refused extends Error {
  readonly problem: Problem

  constructor(status: number, kind: ProblemKind, detail: string, remedy: string, more: Partial<Problem> = {}) {
    super(detail)
    const type = `urn:tandem:problem:${kind}` as const
    this.problem = { type, title: kind, status, detail, remedy, instance: '/', ...more }
  }
}

export function refuse(...why: ConstructorParameters<typeof Refused>): never {
  throw new Refused(...why)
}
