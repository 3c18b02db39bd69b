/** Answers that hold a secret, for those who repeat a POST because they did not hear the answer: in memory, and not for long. */
import type { StoredAnswer } from '../storage/idempotency.queries.ts'

export interface GivenAnswer extends StoredAnswer {
  readonly cookies?: readonly string[] | undefined
}

const KEPT_MS = 600_000
/** Beyond so many the oldest are forgotten before their time. */
const KEPT_MAX = 1_000

export class SecretAnswers {
  private readonly answers = new Map<string, { readonly answer: GivenAnswer; readonly atMs: number }>()

  constructor(private readonly clock: () => number) {}

  keep(name: string, answer: GivenAnswer): void {
    this.answers.set(name, { answer, atMs: this.clock() })
    this.forget()
  }

  find(name: string): GivenAnswer | undefined {
    this.forget()
    return this.answers.get(name)?.answer
  }

  /** In the order in which they came. */
  private forget(): void {
    const beforeMs = this.clock() - KEPT_MS
    for (const [name, { atMs }] of this.answers) {
      if (atMs >= beforeMs && this.answers.size <= KEPT_MAX) break
      this.answers.delete(name)
    }
  }
}
