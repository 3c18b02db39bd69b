/** How long two servers that are left alone may take until they agree: what they have to wait for, and rejoining after it. */
import type { EndpointRecord } from '@tandem/engine'
import { endOfMcltWait } from '../checkers/mclt-wait.ts'

export class Patience {
  #waitEndsAtMs: number

  /** Whoever comes back waits for MCLT. */
  constructor(nowMs: number, mcltSeconds: number) {
    this.#waitEndsAtMs = nowMs + mcltSeconds * 1000
  }

  /** A wait that is under way, and may be over when it is asked for the next time. */
  see(nowMs: number, waitSeconds: number): void {
    this.#waitEndsAtMs = Math.max(this.#waitEndsAtMs, nowMs + waitSeconds * 1000)
  }

  /** Until the last wait that was seen is over; less than zero: it has been for so long. */
  waitSeconds(nowMs: number): number {
    return Math.ceil((this.#waitEndsAtMs - nowMs) / 1000)
  }
}

/** Of the failure and the last promise the later one counts; undefined: this server is not in RECOVER-WAIT (RFC 8156 section 8.6.2). */
export function recoverWaitEndsAt(record: EndpointRecord | undefined): number | undefined {
  if (record?.state !== 'RECOVER-WAIT' || record.timeOfFailure === undefined) return undefined
  return endOfMcltWait(Math.max(record.timeOfFailure, record.lastPromiseAt ?? 0), record)
}
