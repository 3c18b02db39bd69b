/** What a secondary left to its primary a moment ago, and answers itself when contact ends just then (decision 0088). */
import type { Duid } from '@tandem/protocol'
import type { DatagramReceived } from '../events.ts'
import type { Instant } from '../time/instant.ts'

/** Older ones have been repeated by a new client, and the answer would not leave any more. */
export const LEFT_QUESTION_AGE_MAX_MS = 1500
/** All of them are answered in one step. */
const QUESTIONS_MAX = 1024

export class LeftQuestions {
  /** The last one of each client, the oldest first. */
  readonly #ofClient = new Map<Duid, DatagramReceived>()

  get isEmpty(): boolean {
    return this.#ofClient.size === 0
  }

  add(client: Duid, question: DatagramReceived, now: Instant): void {
    this.#ofClient.delete(client)
    this.#ofClient.set(client, question)
    for (const [oldest, { arrivedAt }] of this.#ofClient) {
      if (this.#ofClient.size <= QUESTIONS_MAX && now - arrivedAt <= LEFT_QUESTION_AGE_MAX_MS) break
      this.#ofClient.delete(oldest)
    }
  }

  /** The primary has told of a lease of this client. */
  answered(client: Duid): void {
    this.#ofClient.delete(client)
  }

  forgetAll(): void {
    this.#ofClient.clear()
  }

  /** Those that may still be waited for; none is kept. */
  take(now: Instant): readonly DatagramReceived[] {
    const recent = [...this.#ofClient.values()].filter(({ arrivedAt }) => now - arrivedAt <= LEFT_QUESTION_AGE_MAX_MS)
    this.#ofClient.clear()
    return recent
  }
}
