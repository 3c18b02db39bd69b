/** What each partner has still to be told, longest owed first. */
import { instant, type Instant } from '../time/instant.ts'
import { SlotColumn } from './slot-column.ts'
import { NO_SLOT } from './slot-hash.ts'
import { SlotLinks, SlotList } from './slot-lists.ts'

/** 2000-01-01, as in the times on the wire: whole seconds since then have room in 32 bits until 2068. */
const EPOCH_MS = 946_684_800_000

/** A lease is owed to one partner at most. */
export class OwedLists {
  readonly #lists = new Map<string, SlotList>()
  readonly #links = new SlotLinks()
  /** Of those in a list, in seconds. */
  readonly #since = new SlotColumn()

  of(relationship: string): SlotList {
    const known = this.#lists.get(relationship)
    if (known !== undefined) return known
    const list = new SlotList(this.#links)
    this.#lists.set(relationship, list)
    return list
  }

  add(relationship: string, slot: number, since: Instant): void {
    this.#since.set(slot, Math.floor((since - EPOCH_MS) / 1000))
    this.of(relationship).add(slot)
  }

  delete(relationship: string, slot: number): void {
    this.of(relationship).delete(slot)
  }

  /** Undefined: nothing is owed. */
  oldestSince(relationship: string): Instant | undefined {
    const { first } = this.of(relationship)
    return first === NO_SLOT ? undefined : instant(EPOCH_MS + this.#since.get(first) * 1000)
  }

  /** Read back from a store, they came in the order of their leases. */
  sort(): void {
    for (const list of this.#lists.values()) {
      const slots = [...list.walk()].sort((a, b) => this.#since.get(a) - this.#since.get(b))
      for (const slot of slots) {
        list.delete(slot)
        list.add(slot)
      }
    }
  }
}
