/** How far the commit log and the tables are: told between the two threads without a message for each commit. */

const SLOTS = 4
const LOGGED = 0
const FOLLOWED = 1
const LOGGED_OCTETS = 2
const FOLLOWED_OCTETS = 3

/** Octets are counted since this process began. */
export class SharedProgress {
  readonly #slots: BigInt64Array

  constructor(memory = new SharedArrayBuffer(SLOTS * BigInt64Array.BYTES_PER_ELEMENT)) {
    this.#slots = new BigInt64Array(memory)
  }

  get memory(): SharedArrayBuffer {
    const { buffer } = this.#slots
    if (!(buffer instanceof SharedArrayBuffer)) throw new Error('the progress is not shared')
    return buffer
  }

  /** The last commit that is durable in the log. */
  get logged(): number {
    return this.#get(LOGGED)
  }

  /** The tables hold all commits up to this one, durably. */
  get followed(): number {
    return this.#get(FOLLOWED)
  }

  /** Of the log that is not in the tables yet. */
  get behindOctets(): number {
    return this.#get(LOGGED_OCTETS) - this.#get(FOLLOWED_OCTETS)
  }

  hasLogged(number: number, octets: number): void {
    Atomics.add(this.#slots, LOGGED_OCTETS, BigInt(octets))
    Atomics.store(this.#slots, LOGGED, BigInt(number))
  }

  hasFollowed(number: number, octets: number): void {
    Atomics.add(this.#slots, FOLLOWED_OCTETS, BigInt(octets))
    Atomics.store(this.#slots, FOLLOWED, BigInt(number))
  }

  #get(slot: number): number {
    return Number(Atomics.load(this.#slots, slot))
  }
}
