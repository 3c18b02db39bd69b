/** How far the commit log and the tables are: told between the threads without a message for each commit. */
import { setTimeout as delay } from 'node:timers/promises'

const SLOTS = 4
const LOGGED = 0
const FOLLOWED = 1
const LOGGED_OCTETS = 2
const FOLLOWED_OCTETS = 3

const LOOK_AGAIN_MS = 3

/** Octets are counted since this process began. */
export class SharedProgress {
  readonly #slots: BigInt64Array<SharedArrayBuffer>

  constructor(memory = new SharedArrayBuffer(SLOTS * BigInt64Array.BYTES_PER_ELEMENT)) {
    this.#slots = new BigInt64Array(memory)
  }

  get memory(): SharedArrayBuffer {
    return this.#slots.buffer
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

  /** Settles with true once the tables hold all that is logged now; with false after `withinMs`. Whoever waits hastens them. */
  async untilFollowed(withinMs: number, hasten: () => void): Promise<boolean> {
    const { logged } = this
    if (this.followed >= logged) return true
    hasten()
    const until = performance.now() + withinMs
    while (this.followed < logged) {
      if (performance.now() >= until) return false
      await delay(LOOK_AGAIN_MS)
    }
    return true
  }

  #get(slot: number): number {
    return Number(Atomics.load(this.#slots, slot))
  }
}
