/** Transaction ids of what this endpoint initiates (RFC 8156 section 5.4): a counter that skips what is outstanding. */
import { TRANSACTION_ID_MAX } from '@tandem/protocol'

export class TransactionIds {
  #last: number
  #wrapped = false
  readonly #outstanding: () => Iterable<number>

  /** `last`: the number before the first one. */
  constructor(outstanding: () => Iterable<number>, last = 0) {
    this.#outstanding = outstanding
    this.#last = last
  }

  next(): number {
    const id = this.#step()
    // Before the first wrap every number is new; an UPDREQ may still be open after it.
    if (!this.#wrapped) return id
    const taken = new Set(this.#outstanding())
    let free = id
    while (taken.has(free)) free = this.#step()
    return free
  }

  #step(): number {
    if (this.#last >= TRANSACTION_ID_MAX) {
      this.#last = 0
      this.#wrapped = true
    }
    this.#last += 1
    return this.#last
  }
}
