/** The bindings that were written or read last, as objects: one step asks several times for the same lease. */
import type { Binding } from './binding.ts'

const PLACES = 256

/** Each slot has one place, which it shares with others. */
export class RecentBindings {
  readonly #slots = new Int32Array(PLACES).fill(-1)
  readonly #bindings: (Binding | undefined)[] = Array.from({ length: PLACES }, () => undefined)

  get(slot: number): Binding | undefined {
    const place = slot & (PLACES - 1)
    return this.#slots[place] === slot ? this.#bindings[place] : undefined
  }

  put(slot: number, binding: Binding): void {
    const place = slot & (PLACES - 1)
    this.#slots[place] = slot
    this.#bindings[place] = binding
  }
}
