/** The machine under a simulated server: its clock, its disk, and what has been done to it. */
import { instant, type EngineConfiguration, type Instant } from '@tandem/engine'
import type { ServerProcessOptions } from './server-process-options.ts'
import { SimulatedClock } from './simulated-clock.ts'
import type { SimulatedStore } from './simulated-store.ts'

export class SimulatedMachine {
  readonly name: string
  readonly clock: SimulatedClock
  readonly store: SimulatedStore
  /** What the server runs with, or ran with last. */
  configuration: EngineConfiguration
  /** What it will read at its next start. */
  nextConfiguration: EngineConfiguration
  protected readonly options: ServerProcessOptions
  #hamperedAt = -Infinity
  #fallsAtCommit: { readonly when: 'before' | 'after'; readonly isAllowed: () => boolean } | undefined

  constructor(options: ServerProcessOptions) {
    this.options = options
    this.configuration = options.configuration
    this.nextConfiguration = options.configuration
    this.name = options.configuration.serverName
    this.store = options.store
    this.clock = new SimulatedClock(options.schedule)
  }

  now(): Instant {
    return this.clock.now()
  }

  /** For who works on the machine while the server does not run. */
  machineNow(): Instant {
    return instant(this.options.schedule.now + this.clock.offsetMs)
  }

  /** The world's time when something last kept the server from its work, or changed its clock. */
  get hamperedAt(): number {
    return this.#hamperedAt
  }

  /** The next commit that changes something is the last thing it does, or was about to do. */
  crashAtCommit(when: 'before' | 'after', isAllowed: () => boolean): void {
    this.#fallsAtCommit = { when, isAllowed }
  }

  standFirm(): void {
    this.#fallsAtCommit = undefined
  }

  protected hamper(): void {
    this.#hamperedAt = this.options.schedule.now
  }

  protected fallsAtCommit(when: 'before' | 'after'): boolean {
    const falls = this.#fallsAtCommit
    if (falls?.when !== when || !falls.isAllowed()) return false
    this.#fallsAtCommit = undefined
    return true
  }
}
