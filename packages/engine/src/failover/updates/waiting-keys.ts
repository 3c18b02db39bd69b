/** Leases that wait to be told, each once, first come first served: what is owed after a long outage (RFC 8156 section 8.8). */
import type { BindingKey } from '../../bindings/binding.ts'

/** Below this the array is not worth cutting. */
const CUT_AT = 1024

/** Not a bare Set: taking its first entry again and again walks over all that were taken before. */
export class WaitingKeys {
  readonly #waiting = new Set<BindingKey>()
  #order: BindingKey[] = []
  #head = 0

  get size(): number {
    return this.#waiting.size
  }

  /** Keeps its place if it waits already. */
  add(key: BindingKey): void {
    if (this.#waiting.has(key)) return
    this.#waiting.add(key)
    this.#order.push(key)
  }

  take(): BindingKey | undefined {
    const key = this.#order[this.#head]
    if (key === undefined) return undefined
    this.#head += 1
    this.#waiting.delete(key)
    if (this.#head >= CUT_AT && this.#head * 2 >= this.#order.length) {
      this.#order = this.#order.slice(this.#head)
      this.#head = 0
    }
    return key
  }

  clear(): void {
    this.#waiting.clear()
    this.#order = []
    this.#head = 0
  }
}
