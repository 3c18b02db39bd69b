/** Octets of any length outside of the heap, in blocks of a few sizes: an array of its own would cost several times what is in it. */

const SIZE_STEP = 16
/** Longer ones are rare, and get an array of their own. */
const CLASSES = 32
const OWN_ARRAY = 63
const REF_CLASS_BITS = 6
const LENGTH_OCTETS = 2
const PAGE_BITS = 8
const PAGE_BLOCKS = 1 << PAGE_BITS

/** Where some octets are; zero: nowhere. */
export type OctetsRef = number

interface Blocks {
  readonly size: number
  readonly pages: Uint8Array[]
  readonly free: number[]
  used: number
}

export class OctetArena {
  readonly #classes: Blocks[] = []
  readonly #ownArrays = new Map<OctetsRef, Uint8Array>()
  readonly #freeOwn: number[] = []

  /** Replaces what is at `ref`, if anything is; `undefined` leaves nothing there. */
  put(ref: OctetsRef, octets: Uint8Array | undefined): OctetsRef {
    if (octets === undefined) {
      if (ref !== 0) this.#release(ref)
      return 0
    }
    const wanted = classFor(octets.length)
    let at = ref
    if (ref === 0 || (ref & OWN_ARRAY) !== wanted) {
      if (ref !== 0) this.#release(ref)
      at = this.#take(wanted)
    }
    if (wanted === OWN_ARRAY) this.#ownArrays.set(at, octets.slice())
    else this.#write(at, octets)
    return at
  }

  /** A copy. */
  get(ref: OctetsRef): Uint8Array | undefined {
    if (ref === 0) return undefined
    const own = this.#ownArrays.get(ref)
    if (own !== undefined) return own.slice()
    const { page, at } = this.#placeOf(ref)
    const from = at + LENGTH_OCTETS
    return page.slice(from, from + lengthAt(page, at))
  }

  isEqual(ref: OctetsRef, octets: Uint8Array): boolean {
    const stored = this.get(ref)
    return stored?.length === octets.length && stored.every((octet, at) => octet === octets[at])
  }

  #take(blockClass: number): OctetsRef {
    if (blockClass === OWN_ARRAY) {
      return refOf(this.#freeOwn.pop() ?? this.#ownArrays.size, OWN_ARRAY)
    }
    const blocks = this.#blocksOf(blockClass)
    const reused = blocks.free.pop()
    if (reused !== undefined) return refOf(reused, blockClass)
    if (blocks.used % PAGE_BLOCKS === 0) blocks.pages.push(new Uint8Array(PAGE_BLOCKS * blocks.size))
    blocks.used += 1
    return refOf(blocks.used - 1, blockClass)
  }

  #release(ref: OctetsRef): void {
    const blockClass = ref & OWN_ARRAY
    const index = ref >>> REF_CLASS_BITS
    if (blockClass === OWN_ARRAY) {
      this.#ownArrays.delete(ref)
      this.#freeOwn.push(index)
    } else {
      this.#blocksOf(blockClass).free.push(index)
    }
  }

  #write(ref: OctetsRef, octets: Uint8Array): void {
    const { page, at } = this.#placeOf(ref)
    page[at] = octets.length >>> 8
    page[at + 1] = octets.length & 0xff
    page.set(octets, at + LENGTH_OCTETS)
  }

  #placeOf(ref: OctetsRef): { readonly page: Uint8Array; readonly at: number } {
    const { pages, size } = this.#blocksOf(ref & OWN_ARRAY)
    const index = ref >>> REF_CLASS_BITS
    const page = pages[index >>> PAGE_BITS]
    if (page === undefined) throw new Error(`there are octets at ${ref}`)
    return { page, at: (index & (PAGE_BLOCKS - 1)) * size }
  }

  #blocksOf(blockClass: number): Blocks {
    return (this.#classes[blockClass] ??= { size: blockClass * SIZE_STEP, pages: [], free: [], used: 0 })
  }
}

function classFor(length: number): number {
  const blockClass = Math.ceil((length + LENGTH_OCTETS) / SIZE_STEP)
  return blockClass > CLASSES ? OWN_ARRAY : blockClass
}

function refOf(index: number, blockClass: number): OctetsRef {
  return index * (1 << REF_CLASS_BITS) + blockClass
}

function lengthAt(page: Uint8Array, at: number): number {
  return ((page[at] ?? 0) << 8) | (page[at + 1] ?? 0)
}
