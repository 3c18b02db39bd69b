/** UDP between clients and servers: every datagram may be lost, doubled, delayed and overtaken. */
import type { Random } from './random.ts'
import type { Schedule } from './schedule.ts'

export class DatagramNetwork {
  readonly #schedule: Schedule
  readonly #random: Random
  /** Chance of each, 0 to 1. */
  lossRate = 0
  duplicateRate = 0
  latencyMs = 1
  /** The most by which one datagram is later than another. */
  jitterMs = 0

  constructor(schedule: Schedule, random: Random) {
    this.#schedule = schedule
    this.#random = random
  }

  /** Chance is drawn in the same number whatever the rates, so that a fault does not change everything after it. */
  send(deliver: () => void): void {
    const isLost = this.#random.chance(this.lossRate)
    const isDoubled = this.#random.chance(this.duplicateRate)
    const first = this.#delayMs()
    const second = this.#delayMs()
    if (!isLost) this.#schedule.after(first, deliver)
    if (isDoubled) this.#schedule.after(second, deliver)
  }

  #delayMs(): number {
    return this.latencyMs + Math.floor(this.#random.fraction() * (this.jitterMs + 1))
  }
}
