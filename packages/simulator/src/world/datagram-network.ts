/** UDP between clients and servers: every datagram may be lost, doubled, delayed and overtaken. */
import type { Random } from './random.ts'
import type { Schedule } from './schedule.ts'

export interface DatagramObserver {
  /** `type`: of the message inside all relay envelopes. */
  datagramFate?(type: number, fate: 'lost' | 'doubled' | 'late'): void
}

/** Later than this counts as late. */
const LATE_MS = 100

export class DatagramNetwork {
  readonly #schedule: Schedule
  readonly #random: Random
  /** Chance of each, 0 to 1. */
  lossRate = 0
  duplicateRate = 0
  latencyMs = 1
  /** The most by which one datagram is later than another. */
  jitterMs = 0

  readonly #observers: readonly DatagramObserver[]

  constructor(schedule: Schedule, random: Random, observers: readonly DatagramObserver[] = []) {
    this.#observers = observers
    this.#schedule = schedule
    this.#random = random
  }

  /** Chance is drawn in the same number whatever the rates, so that a fault does not change everything after it. */
  send(deliver: () => void, type: number): void {
    const isLost = this.#random.chance(this.lossRate)
    const isDoubled = this.#random.chance(this.duplicateRate)
    const first = this.#delayMs()
    const second = this.#delayMs()
    if (isLost) this.#tell(type, 'lost')
    else if (first >= LATE_MS) this.#tell(type, 'late')
    if (isDoubled) this.#tell(type, 'doubled')
    if (!isLost) this.#schedule.after(first, deliver)
    if (isDoubled) this.#schedule.after(second, deliver)
  }

  #tell(type: number, fate: 'lost' | 'doubled' | 'late'): void {
    for (const observer of this.#observers) observer.datagramFate?.(type, fate)
  }

  #delayMs(): number {
    return this.latencyMs + Math.floor(this.#random.fraction() * (this.jitterMs + 1))
  }
}
