/** A queue whose removal, at either end, costs no copying. */

/** Below this the array is not worth cutting. */
const CUT_AT = 1024

export class EventQueue<Item> {
  #items: (Item | undefined)[] = []
  #head = 0

  get length(): number {
    return this.#items.length - this.#head
  }

  push(item: Item): void {
    this.#items.push(item)
  }

  shift(): Item | undefined {
    const item = this.#items[this.#head]
    if (item === undefined) return undefined
    this.#items[this.#head] = undefined
    this.#head += 1
    if (this.#head >= CUT_AT && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }

  /** The oldest, left where it is. */
  get first(): Item | undefined {
    return this.#items[this.#head]
  }

  /** The newest, taken out. */
  pop(): Item | undefined {
    return this.length === 0 ? undefined : this.#items.pop()
  }

  clear(): void {
    this.#items = []
    this.#head = 0
  }

  /** Takes out what the test names; seldom, as it walks the whole. */
  removeWhere(test: (item: Item) => boolean): void {
    this.#items = this.#items.slice(this.#head).filter((item) => item !== undefined && !test(item))
    this.#head = 0
  }
}
