/** Which lease is due next: a binary heap whose stale entries are skipped when they surface. */
import type { Instant } from '../time/instant.ts'
import type { BindingKey } from './binding.ts'

interface Entry {
  readonly at: Instant
  readonly key: BindingKey
}

export class ExpiryQueue {
  #heap: Entry[] = []
  readonly #due = new Map<BindingKey, Instant>()

  set(key: BindingKey, at: Instant | undefined): void {
    if (at === undefined) {
      this.#due.delete(key)
      return
    }
    if (this.#due.get(key) === at) return
    this.#due.set(key, at)
    this.#push({ at, key })
    if (this.#heap.length > 64 && this.#heap.length > 4 * this.#due.size) this.#rebuild()
  }

  nextDue(): Instant | undefined {
    this.#dropStale()
    return this.#heap[0]?.at
  }

  /** Removes and returns at most `atMost` keys due at `now`. */
  takeDue(now: Instant, atMost: number): readonly BindingKey[] {
    const taken: BindingKey[] = []
    while (taken.length < atMost) {
      this.#dropStale()
      const first = this.#heap[0]
      if (first === undefined || first.at > now) break
      this.#pop()
      this.#due.delete(first.key)
      taken.push(first.key)
    }
    return taken
  }

  #dropStale(): void {
    let first = this.#heap[0]
    while (first !== undefined && this.#due.get(first.key) !== first.at) {
      this.#pop()
      first = this.#heap[0]
    }
  }

  /** Sorted is a heap too. */
  #rebuild(): void {
    this.#heap = Array.from(this.#due, ([key, at]) => ({ at, key })).sort((a, b) => a.at - b.at)
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    let index = heap.length
    heap.push(entry)
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = heap[parentIndex]
      if (parent === undefined || parent.at <= entry.at) break
      heap[index] = parent
      index = parentIndex
    }
    heap[index] = entry
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let index = 0
    for (;;) {
      let childIndex = 2 * index + 1
      let child = heap[childIndex]
      if (child === undefined) break
      const right = heap[childIndex + 1]
      if (right !== undefined && right.at < child.at) {
        child = right
        childIndex += 1
      }
      if (child.at >= last.at) break
      heap[index] = child
      index = childIndex
    }
    heap[index] = last
  }
}
