/** Whether this server can hear clients at all; where it cannot, it leaves service to its partner (decision 0080). */
import type { ListenerDown } from '../events.ts'
import type { Instant } from '../time/instant.ts'

export class Blindness {
  readonly #listenerIds: readonly string[]
  #down: readonly ListenerDown[] = []
  #since: Instant | undefined

  constructor(listenerIds: readonly string[]) {
    this.#listenerIds = listenerIds
  }

  /** Client listeners that hear nobody now. */
  get listenersDown(): readonly ListenerDown[] {
    return this.#down
  }

  /** Since when all of them are down; undefined: at least one hears, or none is configured. */
  get since(): Instant | undefined {
    return this.#since
  }

  /** In a sentence, for the partner, the log and the console. */
  get because(): string {
    return `This server hears no client: ${this.#down.map(({ reason }) => reason).join('; ')}.`
  }

  /** `down`: all that hear nobody now. Undefined: no more and no less blind than before. */
  update(down: readonly ListenerDown[], now: Instant): 'began' | 'ended' | undefined {
    const ids = new Set(down.map(({ listenerId }) => listenerId))
    const isBlind = this.#listenerIds.length > 0 && this.#listenerIds.every((id) => ids.has(id))
    const wasBlind = this.#since !== undefined
    this.#down = down
    if (isBlind === wasBlind) return undefined
    this.#since = isBlind ? now : undefined
    return isBlind ? 'began' : 'ended'
  }
}
