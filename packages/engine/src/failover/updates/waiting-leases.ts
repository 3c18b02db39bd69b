/** Leases that wait to be told, each once, first come first served: what is owed after a long outage (RFC 8156 section 8.8). */
import { NO_SLOT } from '../../bindings/slot-hash.ts'
import { SlotLinks, SlotList } from '../../bindings/slot-lists.ts'

/** By their slots in the table: all leases may wait at once. */
export class WaitingLeases {
  #list = new SlotList(new SlotLinks())

  get size(): number {
    return this.#list.size
  }

  has(slot: number): boolean {
    return this.#list.has(slot)
  }

  /** Keeps its place if it waits already. */
  add(slot: number): void {
    if (!this.#list.has(slot)) this.#list.add(slot)
  }

  take(): number | undefined {
    const slot = this.#list.first
    if (slot === NO_SLOT) return undefined
    this.#list.delete(slot)
    return slot
  }

  clear(): void {
    this.#list = new SlotList(new SlotLinks())
  }
}
