/** What happens when a commit fails or hangs: try again under the same number, fall silent, give up (architecture section 5). */
import type { Commit, CommitOutcome, CommitReceipt, CommitStore } from '../storage/commit.ts'

export const SUSPEND_AFTER_MS = 3000
export const GIVE_UP_AFTER_MS = 33_000
/** A database server that is away for long comes back without this process being started anew (decision 0091). */
export const NEVER_GIVE_UP = Number.POSITIVE_INFINITY
/** While it lasts, the alarm is raised again so often. */
const REMIND_EVERY_MS = 60_000
const RETRY_INTERVAL_MS = 100
/** The wait is counted in steps, so that a suspension of the whole process, storage included, is one step of it and no failure. */
const STEP_MS = 250

export interface CommitTrouble {
  /** Three seconds without success: no more clients, no partner. */
  suspend(detail: string): void
  /** Until the data plane may speak again, after so many milliseconds. */
  resume(afterMs: number): void
  log(level: 'warning' | 'alarm', message: string): void
}

export type CommitVerdict =
  | { readonly ok: true; readonly receipt: CommitReceipt; readonly suspended: boolean }
  | { readonly ok: false; readonly reason: string }

/** Settles with success, or with the reason for which the process has to end. */
export function commitPersistently(
  store: CommitStore,
  commit: Commit,
  trouble: CommitTrouble,
  giveUpAfterMs: number = GIVE_UP_AFTER_MS,
): Promise<CommitVerdict> {
  return new Promise((resolve) => {
    let suspended = false
    let settled = false
    let detail = 'storage does not answer'
    let waitedMs = 0
    const steps = setInterval(() => {
      waitedMs += STEP_MS
      if (waitedMs >= giveUpAfterMs) {
        settle({ ok: false, reason: `commit ${commit.number} failed for ${giveUpAfterMs / 1000} s: ${detail}` })
      } else if (waitedMs >= SUSPEND_AFTER_MS && !suspended) {
        suspended = true
        trouble.suspend(detail)
      } else if (suspended && waitedMs % REMIND_EVERY_MS === 0) {
        trouble.log('alarm', `storage has failed for ${waitedMs / 1000} s and is tried again: ${detail}`)
      }
    }, STEP_MS)

    function settle(verdict: CommitVerdict): void {
      settled = true
      clearInterval(steps)
      resolve(verdict)
    }

    function hear(outcome: CommitOutcome): void {
      if (settled) return
      if (outcome.ok) {
        if (suspended) trouble.resume(waitedMs)
        settle({ ok: true, receipt: outcome.receipt, suspended })
      } else if (outcome.failure === 'constraint') {
        settle({ ok: false, reason: `commit ${commit.number} broke a rule of the storage: ${outcome.detail}` })
      } else {
        const known = detail
        detail = outcome.failure === 'disk-full' ? `the disk is full (${outcome.detail})` : outcome.detail
        if (detail !== known) report(trouble, commit, outcome)
        setTimeout(attempt, RETRY_INTERVAL_MS)
      }
    }

    function attempt(): void {
      if (!settled) void store.commit(commit).then(hear)
    }

    attempt()
  })
}

function report(trouble: CommitTrouble, commit: Commit, outcome: Extract<CommitOutcome, { ok: false }>): void {
  if (outcome.failure === 'disk-full') {
    trouble.log('alarm', `the disk is full: commit ${commit.number} waits for room`)
  } else {
    trouble.log('warning', `commit ${commit.number} failed and is tried again: ${outcome.detail}`)
  }
}
