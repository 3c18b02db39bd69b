/** One number for each slot of the lease table, in pages outside of the heap: growth adds a page and moves nothing. */

const PAGE_BITS = 11
const PAGE_SLOTS = 1 << PAGE_BITS
const IN_PAGE = PAGE_SLOTS - 1

/** What is missing is zero, as in a page that was never written to. */
const UNWRITTEN = new Int32Array(PAGE_SLOTS)
const UNWRITTEN_TIMES = new Float64Array(PAGE_SLOTS)

export class SlotColumn {
  readonly #pages: Int32Array[] = []

  get(at: number): number {
    return (this.#pages[at >>> PAGE_BITS] ?? UNWRITTEN)[at & IN_PAGE] ?? 0
  }

  set(at: number, value: number): void {
    const page = at >>> PAGE_BITS
    while (this.#pages.length <= page) this.#pages.push(new Int32Array(PAGE_SLOTS))
    const into = this.#pages[page]
    if (into !== undefined) into[at & IN_PAGE] = value
  }
}

/** The same for numbers that need 64 bits. */
export class WideSlotColumn {
  readonly #pages: Float64Array[] = []

  get(at: number): number {
    return (this.#pages[at >>> PAGE_BITS] ?? UNWRITTEN_TIMES)[at & IN_PAGE] ?? 0
  }

  set(at: number, value: number): void {
    const page = at >>> PAGE_BITS
    while (this.#pages.length <= page) this.#pages.push(new Float64Array(PAGE_SLOTS))
    const into = this.#pages[page]
    if (into !== undefined) into[at & IN_PAGE] = value
  }
}
