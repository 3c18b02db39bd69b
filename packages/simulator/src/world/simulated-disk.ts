/** How the disk of one simulated server does: commits take their time, and may fail for a while (architecture, section 5). */

export interface DiskHealth {
  /** How long one commit takes. */
  readonly commitMs: number
  /**
   * `fails`: nothing is written. `answer-lost`: all is written, but the server is told that it was not, and tries
   * again under the same number.
   */
  readonly failure: 'none' | 'fails' | 'answer-lost'
}

export const soundDisk: DiskHealth = { commitMs: 1, failure: 'none' }

/** A commit that fails is tried again after so long. */
export const RETRY_INTERVAL_MS = 100
/** Without success for so long: no more clients, no partner. */
export const SUSPEND_AFTER_MS = 3_000
/** Without success for so long the process ends. */
export const GIVE_UP_AFTER_MS = 33_000
