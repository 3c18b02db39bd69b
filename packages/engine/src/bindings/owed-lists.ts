/** What each partner has still to be told, longest owed first. */
import { SlotLinks, SlotList } from './slot-lists.ts'

/** A lease is owed to one partner at most. */
export class OwedLists {
  readonly #lists = new Map<string, SlotList>()
  readonly #links = new SlotLinks()

  of(relationship: string): SlotList {
    const known = this.#lists.get(relationship)
    if (known !== undefined) return known
    const list = new SlotList(this.#links)
    this.#lists.set(relationship, list)
    return list
  }
}
