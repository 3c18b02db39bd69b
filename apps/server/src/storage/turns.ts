/** Long work in pieces, of any number of callers: one piece for each turn of the event loop, and everything else in between. */
export class Turns {
  readonly #waiting: (() => void)[] = []

  /** Settles when the caller may do one piece; callers come round in their order. */
  take(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      if (this.#waiting.length === 1) setImmediate(() => this.#give())
    })
  }

  #give(): void {
    this.#waiting.shift()?.()
    if (this.#waiting.length > 0) setImmediate(() => this.#give())
  }
}
