/** The bindings that were written or read last, as objects: one step asks several times for the same lease. */
import type { Binding } from './binding.ts'

const PLACES = 256

/** Each slot has one place, which it shares with others. */
export class RecentBindings {
  /** One more than the slot, zero: none. A place that was never taken is not made: the simulator starts thousands of tables. */
  readonly #slots = new Int32Array(PLACES)
  readonly #bindings: Binding[] = []

  get(slot: number): Binding | undefined {
    const place = slot & (PLACES - 1)
    return this.#slots[place] === slot + 1 ? this.#bindings[place] : undefined
  }

  put(slot: number, binding: Binding): void {
    const place = slot & (PLACES - 1)
    this.#slots[place] = slot + 1
    this.#bindings[place] = binding
  }
}
