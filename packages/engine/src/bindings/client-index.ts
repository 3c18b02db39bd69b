/** Leases by the IA of the client that they are tied to, those of one IA in the order in which they came to it. */
import type { PackedBindings } from './packed-bindings.ts'
import { SlotColumn } from './slot-column.ts'
import { NO_SLOT, SlotHash } from './slot-hash.ts'

/**
 * Hashed is the IA and not the client alone: one client may have any number of IAs. Whatever is done with a lease takes the
 * same time for an IA with one lease and with many.
 */
export class ClientIndex {
  readonly #bindings: PackedBindings
  /** The first lease of each IA. */
  readonly #firsts = new SlotHash()
  /** One more than the slot; negative after the last one, which leads back to the first. */
  readonly #nexts = new SlotColumn()
  /** One more than the slot; before the first one stands the last. */
  readonly #befores = new SlotColumn()

  constructor(bindings: PackedBindings) {
    this.#bindings = bindings
  }

  /** `hash`: of the client that the bindings were asked for last. */
  first(hash: number): number {
    let slot = this.#firsts.first(hash)
    while (slot !== NO_SLOT && !this.#bindings.isOfSoughtClient(slot)) slot = this.#firsts.next()
    return slot
  }

  next(slot: number): number {
    const next = this.#nexts.get(slot)
    return next > 0 ? next - 1 : NO_SLOT
  }

  /** After the others of the client that the bindings were asked for last, and which is written already. */
  add(slot: number, hash: number): void {
    const first = this.first(hash)
    if (first === NO_SLOT) {
      this.#nexts.set(slot, -(slot + 1))
      this.#befores.set(slot, slot + 1)
      this.#firsts.add(slot, hash)
      return
    }
    const last = this.#befores.get(first) - 1
    this.#nexts.set(last, slot + 1)
    this.#nexts.set(slot, -(first + 1))
    this.#befores.set(slot, last + 1)
    this.#befores.set(first, slot + 1)
  }

  /** Before another client is written. */
  delete(slot: number): void {
    const before = this.#befores.get(slot) - 1
    const next = this.#nexts.get(slot)
    const isFirst = this.#nexts.get(before) < 0
    if (isFirst) {
      const hash = this.#bindings.hashOfClient(slot)
      if (before === slot) {
        this.#firsts.delete(slot, hash)
        return
      }
      this.#firsts.replace(slot, hash, next - 1)
      this.#nexts.set(before, -next)
    } else {
      this.#nexts.set(before, next)
    }
    this.#befores.set(Math.abs(next) - 1, before + 1)
  }
}
