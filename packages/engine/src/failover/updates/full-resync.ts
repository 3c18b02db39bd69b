/** UPDREQ and UPDREQALL in both directions: what we send when asked, what we wait for when asking (RFC 8156 sections 5.3.5 to 5.3.7). */
import { hasBug } from '../../deliberate-bug.ts'
import type { BindingKey } from '../../bindings/binding.ts'
import type { Instant } from '../../time/instant.ts'

/** The partner asked: each lease once, through the same window as everything; complete when all are answered. */
export class DumpRun {
  /** Of the requests that it answers; each gets its UPDDONE. */
  readonly transactionIds: readonly number[]
  readonly all: boolean
  readonly total: number
  /** In the table. */
  readonly #slots: Int32Array
  readonly #keyAt: (slot: number) => BindingKey
  readonly #awaited = new Set<BindingKey>()
  #next = 0
  #done = 0

  constructor(transactionIds: readonly number[], slots: Int32Array, keyAt: (slot: number) => BindingKey, all: boolean) {
    this.transactionIds = transactionIds
    this.all = all
    this.#slots = slots
    this.#keyAt = keyAt
    this.total = slots.length
  }

  get done(): number {
    return this.#done
  }

  get complete(): boolean {
    const isAnswered = this.#awaited.size === 0 || hasBug('upddone-too-early')
    return this.#next >= this.#slots.length && isAnswered
  }

  /** The next lease to send. One that is on its way already is waited for instead of being sent twice. */
  take(isOnItsWay: (key: BindingKey) => boolean): BindingKey | undefined {
    for (let slot = this.#slots[this.#next]; slot !== undefined; slot = this.#slots[this.#next]) {
      this.#next += 1
      const key = this.#keyAt(slot)
      this.#awaited.add(key)
      if (!isOnItsWay(key)) return key
    }
    return undefined
  }

  /** Answered, be it by a refusal, or gone from the table. */
  settle(key: BindingKey): void {
    if (this.#awaited.delete(key)) this.#done += 1
  }
}

/** We asked and wait for UPDDONE with this transaction id. */
export interface OutstandingRequest {
  readonly transactionId: number
  readonly all: boolean
  readonly sentAt: Instant
  readonly received: number
}
