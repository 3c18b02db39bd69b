/** So many requests at once, and then as many as come back with time: one bucket for each key. */

export interface RatePolicy {
  readonly name: string
  /** Requests in a window; so many may come at once. */
  readonly quota: number
  readonly windowSeconds: number
}

export interface RateVerdict {
  readonly policy: RatePolicy
  readonly admitted: boolean
  /** Whole requests that may come now. */
  readonly remaining: number
  /** Until the whole quota is there again. */
  readonly resetSeconds: number
  /** Until one more may come; 0: now. */
  readonly retryAfterSeconds: number
}

interface Bucket {
  readonly tokens: number
  readonly atMs: number
}

/** Beyond so many keys the one that is longest unused is forgotten: its bucket is the likeliest to be full. */
const KEYS_MAX = 10_000

export class RateLimit {
  private readonly buckets = new Map<string, Bucket>()

  constructor(
    private readonly policy: RatePolicy,
    private readonly clock: () => number,
  ) {}

  /** Takes one request out of the bucket of the key, if one is there. */
  take(key: string): RateVerdict {
    const tokens = this.tokensOf(key)
    const admitted = tokens >= 1
    const left = admitted ? tokens - 1 : tokens
    this.buckets.delete(key)
    this.buckets.set(key, { tokens: left, atMs: this.clock() })
    for (const oldest of this.buckets.keys()) {
      if (this.buckets.size <= KEYS_MAX) break
      this.buckets.delete(oldest)
    }
    return this.verdictOf(left, admitted)
  }

  /** As `take` would find it, and takes nothing. */
  look(key: string): RateVerdict {
    const tokens = this.tokensOf(key)
    return this.verdictOf(tokens, tokens >= 1)
  }

  private tokensOf(key: string): number {
    const { quota, windowSeconds } = this.policy
    const { tokens, atMs } = this.buckets.get(key) ?? { tokens: quota, atMs: this.clock() }
    // A clock that was set back gives nothing, and takes nothing away.
    const passedMs = Math.max(0, this.clock() - atMs)
    return Math.min(quota, tokens + (passedMs * quota) / (windowSeconds * 1000))
  }

  private verdictOf(tokens: number, admitted: boolean): RateVerdict {
    const { policy } = this
    const secondsFor = (wanted: number): number => Math.ceil((wanted * policy.windowSeconds) / policy.quota)
    return {
      policy,
      admitted,
      remaining: Math.floor(tokens),
      resetSeconds: secondsFor(policy.quota - tokens),
      retryAfterSeconds: admitted ? 0 : Math.max(1, secondsFor(1 - tokens)),
    }
  }
}
