/** Clients that the primary ought to answer and that keep asking: a secondary in NORMAL hears them too (decision 0081). */
import type { Duid } from '@tandem/protocol'
import type { UnansweredClientsSnapshot } from '../snapshot.ts'
import type { Step } from '../step.ts'
import { addSeconds, type Instant } from '../time/instant.ts'

/** Longer than the two minutes to which a client's pauses grow before it is told otherwise (RFC 9915 section 7.6). */
const FORGET_AFTER_SECONDS = 300
/** A flood of made-up clients costs no more than this. */
const CLIENTS_MAX = 4096

export interface UnansweredClientsLimits {
  readonly relationship: string
  /** For how long a client has to have asked before it counts. */
  readonly afterSeconds: number
  /** So many of them are an alarm; undefined: never. */
  readonly alarmAt: number | undefined
}

interface Heard {
  readonly lastAt: Instant
  /** As the client says it: since when it has been asking. */
  readonly elapsedMs: number
  /** It said a greater elapsed time than before, and one beyond the limit. */
  readonly counts: boolean
}

export class UnansweredClients {
  readonly #limits: UnansweredClientsLimits
  /** The longest not heard first. */
  readonly #heard = new Map<Duid, Heard>()
  #count = 0
  #alarmed = false

  constructor(limits: UnansweredClientsLimits) {
    this.#limits = limits
  }

  /** A question that is the primary's to answer. */
  heard(step: Step, client: Duid, elapsedMs: number): void {
    const before = this.#heard.get(client)
    const counts = before !== undefined && elapsedMs > before.elapsedMs && elapsedMs >= this.#limits.afterSeconds * 1000
    this.#remove(client)
    if (this.#heard.size >= CLIENTS_MAX) this.#removeOldest()
    this.#heard.set(client, { lastAt: step.now, elapsedMs, counts })
    if (counts) this.#count += 1
    this.runDeadlines(step)
  }

  /** The primary has told of a lease of this client. */
  answered(step: Step, client: Duid): void {
    this.#remove(client)
    this.runDeadlines(step)
  }

  /** Out of contact this server answers them itself. */
  forgetAll(step: Step): void {
    this.#heard.clear()
    this.#count = 0
    this.runDeadlines(step)
  }

  runDeadlines(step: Step): void {
    for (let at = this.nextDeadline(); at !== undefined && at <= step.now; at = this.nextDeadline())
      this.#removeOldest()
    const { alarmAt, relationship } = this.#limits
    const isAlarming = alarmAt !== undefined && this.#count >= alarmAt
    if (isAlarming === this.#alarmed) return
    this.#alarmed = isAlarming
    step.notice({ kind: 'clients-unanswered', relationship, count: this.#count, alarm: isAlarming })
  }

  nextDeadline(): Instant | undefined {
    for (const { lastAt } of this.#heard.values()) return addSeconds(lastAt, FORGET_AFTER_SECONDS)
    return undefined
  }

  snapshot(): UnansweredClientsSnapshot {
    return { count: this.#count, alarmAt: this.#limits.alarmAt, alarm: this.#alarmed }
  }

  #removeOldest(): void {
    for (const client of this.#heard.keys()) {
      this.#remove(client)
      return
    }
  }

  #remove(client: Duid): void {
    if (this.#heard.get(client)?.counts === true) this.#count -= 1
    this.#heard.delete(client)
  }
}
