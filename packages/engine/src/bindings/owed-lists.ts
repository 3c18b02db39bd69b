/** What each partner has still to be told, longest owed first. A walk over it lives on while leases come and go, as over a Set. */
import { SlotColumn } from './slot-column.ts'
import { NO_SLOT } from './slot-hash.ts'

interface OwedList {
  first: number
  last: number
  size: number
  /** Walks that are under way, each with the lease that it showed last. */
  readonly walks: Set<{ at: number }>
}

/** A lease is owed to one partner at most. */
export class OwedLists {
  readonly #lists = new Map<string, OwedList>()
  /** One more than the slot, zero: none. */
  readonly #nexts = new SlotColumn()
  readonly #befores = new SlotColumn()

  size(relationship: string): number {
    return this.#lists.get(relationship)?.size ?? 0
  }

  /** At the end. */
  add(relationship: string, slot: number): void {
    const list = this.#listOf(relationship)
    this.#befores.set(slot, list.last + 1)
    this.#nexts.set(slot, 0)
    if (list.last === NO_SLOT) list.first = slot
    else this.#nexts.set(list.last, slot + 1)
    list.last = slot
    list.size += 1
  }

  /** One that is in. */
  delete(relationship: string, slot: number): void {
    const list = this.#listOf(relationship)
    const before = this.#befores.get(slot) - 1
    const next = this.#nexts.get(slot) - 1
    if (before === NO_SLOT) list.first = next
    else this.#nexts.set(before, next + 1)
    if (next === NO_SLOT) list.last = before
    else this.#befores.set(next, before + 1)
    list.size -= 1
    for (const walk of list.walks) if (walk.at === slot) walk.at = before
  }

  /** Also shows what is added meanwhile. Has to be ended (`return`) by whoever does not walk to the end. */
  *walk(relationship: string): Generator<number> {
    const list = this.#listOf(relationship)
    const walk = { at: NO_SLOT }
    list.walks.add(walk)
    try {
      for (;;) {
        const slot = walk.at === NO_SLOT ? list.first : this.#nexts.get(walk.at) - 1
        if (slot === NO_SLOT) return
        walk.at = slot
        yield slot
      }
    } finally {
      list.walks.delete(walk)
    }
  }

  #listOf(relationship: string): OwedList {
    const known = this.#lists.get(relationship)
    if (known !== undefined) return known
    const list: OwedList = { first: NO_SLOT, last: NO_SLOT, size: 0, walks: new Set() }
    this.#lists.set(relationship, list)
    return list
  }
}
