/** Lists of slots in order of coming. A walk over one lives on while slots come and go, as over a Set, and nobody pays for slots that are in none. */
import { SlotColumn } from './slot-column.ts'
import { NO_SLOT } from './slot-hash.ts'

/** Of any number of lists, as long as each slot is in one of them at most. */
export class SlotLinks {
  /** One more than the slot, zero: none. */
  readonly nexts = new SlotColumn()
  readonly befores = new SlotColumn()
}

export class SlotList {
  readonly #links: SlotLinks
  #first = NO_SLOT
  #last = NO_SLOT
  #size = 0
  /** Walks that are under way, each with the slot that it showed last. */
  readonly #walks = new Set<{ at: number }>()

  constructor(links: SlotLinks) {
    this.#links = links
  }

  get size(): number {
    return this.#size
  }

  /** `NO_SLOT`: it is empty. */
  get first(): number {
    return this.#first
  }

  /** Only where no other list has the same links. */
  has(slot: number): boolean {
    return slot === this.#first || this.#links.befores.get(slot) !== 0
  }

  /** At the end. */
  add(slot: number): void {
    const { nexts, befores } = this.#links
    befores.set(slot, this.#last + 1)
    nexts.set(slot, 0)
    if (this.#last === NO_SLOT) this.#first = slot
    else nexts.set(this.#last, slot + 1)
    this.#last = slot
    this.#size += 1
  }

  /** One that is in. */
  delete(slot: number): void {
    const { nexts, befores } = this.#links
    const before = befores.get(slot) - 1
    const next = nexts.get(slot) - 1
    if (before === NO_SLOT) this.#first = next
    else nexts.set(before, next + 1)
    if (next === NO_SLOT) this.#last = before
    else befores.set(next, before + 1)
    befores.set(slot, 0)
    nexts.set(slot, 0)
    this.#size -= 1
    for (const walk of this.#walks) if (walk.at === slot) walk.at = before
  }

  /** Also shows what is added meanwhile. Has to be ended (`return`) by whoever does not walk to the end. */
  *walk(): Generator<number> {
    const walk = { at: NO_SLOT }
    this.#walks.add(walk)
    try {
      for (;;) {
        const slot = walk.at === NO_SLOT ? this.#first : this.#links.nexts.get(walk.at) - 1
        if (slot === NO_SLOT) return
        walk.at = slot
        yield slot
      }
    } finally {
      this.#walks.delete(walk)
    }
  }
}
