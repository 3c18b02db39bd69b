/** Many look at the same thing at about the same time: it is read once. */

/** So many are kept at least; whoever comes later has it read again. */
const KEPT_MIN = 64

/** Kept for a while and not by a weak map, which costs the collector of garbage more than some reading. */
export class ReadOnce<Key extends object, Value> {
  readonly #read: (key: Key) => Value
  #recent = new Map<Key, Value>()
  #former = new Map<Key, Value>()
  #last: { readonly key: Key; readonly value: Value } | undefined

  constructor(read: (key: Key) => Value) {
    this.#read = read
  }

  of(key: Key): Value {
    if (this.#last?.key === key) return this.#last.value
    const value = this.#find(key)
    this.#last = { key, value }
    return value
  }

  #find(key: Key): Value {
    for (const kept of [this.#recent, this.#former]) {
      const value = kept.get(key)
      if (value !== undefined || kept.has(key)) return value as Value
    }
    const value = this.#read(key)
    if (this.#recent.size >= KEPT_MIN) {
      this.#former = this.#recent
      this.#recent = new Map()
    }
    this.#recent.set(key, value)
    return value
  }
}
