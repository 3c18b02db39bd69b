/** Slows down guessing: after a few failures each further one must wait twice as long as the one before. */

const FREE_FAILURES = 5
const FIRST_WAIT_MS = 1_000
const WAIT_MAX_MS = 300_000
/** Failures are forgotten after so long without another. */
const FORGET_MS = 900_000
/** Beyond so many keys the oldest is forgotten: guessing from many addresses must not fill the memory. */
const KEYS_MAX = 10_000

interface Failures {
  readonly count: number
  readonly lastMs: number
}

export class AttemptLimit {
  private readonly failures = new Map<string, Failures>()

  constructor(private readonly clock: () => number) {}

  /** How long the caller has still to wait; zero: go on. */
  waitMs(...keys: readonly string[]): number {
    return Math.max(0, ...keys.map((key) => this.waitOf(key)))
  }

  failed(...keys: readonly string[]): void {
    for (const key of keys) {
      const count = (this.recent(key)?.count ?? 0) + 1
      this.failures.delete(key)
      this.failures.set(key, { count, lastMs: this.clock() })
    }
    for (const key of this.failures.keys()) {
      if (this.failures.size <= KEYS_MAX) break
      this.failures.delete(key)
    }
  }

  succeeded(...keys: readonly string[]): void {
    for (const key of keys) this.failures.delete(key)
  }

  private recent(key: string): Failures | undefined {
    const found = this.failures.get(key)
    return found === undefined || this.clock() - found.lastMs > FORGET_MS ? undefined : found
  }

  private waitOf(key: string): number {
    const found = this.recent(key)
    if (found === undefined || found.count < FREE_FAILURES) return 0
    const wait = Math.min(WAIT_MAX_MS, FIRST_WAIT_MS * 2 ** (found.count - FREE_FAILURES))
    return Math.max(0, found.lastMs + wait - this.clock())
  }
}
