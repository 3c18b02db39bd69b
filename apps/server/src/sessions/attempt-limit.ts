/** Slows down guessing: after a few failures each further one must wait twice as long as the one before. */

export interface AttemptLimitOptions {
  /** So many failures cost no wait. */
  readonly freeFailures: number
  readonly waitMaxMs: number
}

const FIRST_WAIT_MS = 1_000
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

  constructor(
    private readonly clock: () => number,
    private readonly options: AttemptLimitOptions = { freeFailures: 5, waitMaxMs: 300_000 },
  ) {}

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

  /** All failures of these keys are forgotten. */
  succeeded(...keys: readonly string[]): void {
    for (const key of keys) this.failures.delete(key)
  }

  /** One failure less: it was counted before it was known whether it would be one. */
  takeBack(...keys: readonly string[]): void {
    for (const key of keys) {
      const found = this.failures.get(key)
      if (found === undefined) continue
      if (found.count <= 1) this.failures.delete(key)
      else this.failures.set(key, { ...found, count: found.count - 1 })
    }
  }

  private recent(key: string): Failures | undefined {
    const found = this.failures.get(key)
    return found === undefined || this.clock() - found.lastMs > FORGET_MS ? undefined : found
  }

  private waitOf(key: string): number {
    const found = this.recent(key)
    const { freeFailures, waitMaxMs } = this.options
    if (found === undefined || found.count < freeFailures) return 0
    const wait = Math.min(waitMaxMs, FIRST_WAIT_MS * 2 ** (found.count - freeFailures))
    return Math.max(0, found.lastMs + wait - this.clock())
  }
}
