/** When the tables are brought up to the commit log: twice a second, and at once where somebody waits for them. */
import { setImmediate } from 'node:timers/promises'
import type { TableFollower } from './follow-tables.ts'
import type { SharedProgress } from './shared-progress.ts'

const FOLLOW_INTERVAL_MS = 500

export interface Following {
  /** Settles once all that is logged is in the tables. */
  settle(): Promise<void>
  /** Somebody waits for the tables. */
  hasten(): void
  stop(): void
}

/** `behind`: why the tables do not follow at the moment; undefined: they do again. */
export function startFollowing(
  follower: Pick<TableFollower, 'step'>,
  progress: SharedProgress,
  behind: (error: unknown) => void,
): Following {
  let following: Promise<void> | undefined
  let isBehind = false

  /**
   * Up to what is logged now: what comes meanwhile waits for the next time, so that under load, too, a lease that changes
   * twice is written once. Between two transactions whoever waits for this thread has his turn.
   */
  async function follow(): Promise<void> {
    const upTo = progress.logged
    while (true) {
      const followed = follower.step(upTo)
      if (followed === undefined) return
      progress.hasFollowed(followed.number, followed.octets)
      await setImmediate()
    }
  }

  const followOnce = (): Promise<void> => (following ??= follow().finally(() => (following = undefined)))

  async function tryToFollow(): Promise<void> {
    if (progress.logged === progress.followed) return
    try {
      await followOnce()
      if (isBehind) {
        while (progress.followed < progress.logged) await followOnce()
        behind(undefined)
      }
      isBehind = false
    } catch (error) {
      isBehind = true
      behind(error)
    }
  }

  const timer = setInterval(() => void tryToFollow(), FOLLOW_INTERVAL_MS)
  return {
    async settle() {
      while (progress.followed < progress.logged) await followOnce()
    },
    hasten() {
      const wanted = progress.logged
      // What runs already may have begun before that.
      void tryToFollow().then(() => (progress.followed < wanted ? tryToFollow() : undefined))
    },
    stop: () => clearInterval(timer),
  }
}
