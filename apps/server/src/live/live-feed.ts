/** The stream of live events: numbered, remembered for ten minutes, handed to whoever listens (architecture section 9). */
import { LIVE_HISTORY_SECONDS } from '@tandem/api-contract'
import type { LiveEvent } from '@tandem/api-contract'
import { countOf, isoOf } from '../http/view-values.ts'

export interface LiveMessage {
  readonly sequence: number
  readonly atMs: number
  readonly event: LiveEvent
  /** Events of one key replace each other: only the newest matters. Undefined: each one matters. */
  readonly key: string | undefined
  /** The whole message as it is sent. */
  readonly text: string
}

export type Listener = (message: LiveMessage) => void

/** Beyond so many the oldest are forgotten before their time. */
const KEPT_MAX = 5_000

export class LiveFeed {
  private sequenceNow = 0
  private readonly latest = new Map<string, LiveMessage>()
  private kept: LiveMessage[] = []
  /** Events up to this one, of the kind where each matters, are forgotten. */
  private forgottenThrough = 0
  private readonly listeners = new Set<Listener>()

  constructor(
    /** Tells one run of the process from another. */
    readonly epoch: string,
    private readonly clock: () => number,
  ) {}

  get sequence(): number {
    return this.sequenceNow
  }

  publish(event: LiveEvent, commitNumber: number): void {
    this.sequenceNow += 1
    const sequence = this.sequenceNow
    const atMs = this.clock()
    const data = { epoch: this.epoch, sequence, at: isoOf(atMs), commitNumber: countOf(commitNumber), change: event }
    const message = { sequence, atMs, event, key: keyOf(event), text: JSON.stringify({ event: 'change', data }) }
    this.remember(message)
    for (const listener of this.listeners) listener(message)
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** What someone who saw everything through `sequence` has missed, in order; undefined: too much is forgotten. */
  since(sequence: number): readonly LiveMessage[] | undefined {
    this.forget()
    if (sequence > this.sequenceNow || sequence < this.forgottenThrough) return undefined
    return [...this.latest.values(), ...this.kept]
      .filter((message) => message.sequence > sequence)
      .toSorted((a, b) => a.sequence - b.sequence)
  }

  /** Everything that is shown whole, as it was last shown, and of the rest what came after `sequence`. */
  current(sequence: number): readonly LiveMessage[] {
    return [...this.latest.values(), ...this.kept.filter((message) => message.sequence > sequence)].toSorted(
      (a, b) => a.sequence - b.sequence,
    )
  }

  private remember(message: LiveMessage): void {
    if (message.key !== undefined) this.latest.set(message.key, message)
    // Single leases are for those who watch now; a resumed listener learns from the summary that there were some.
    else if (message.event.kind !== 'lease-changed') this.kept.push(message)
    this.forget()
  }

  private forget(): void {
    const beforeMs = this.clock() - LIVE_HISTORY_SECONDS * 1000
    const young = this.kept.findIndex(({ atMs }) => atMs >= beforeMs)
    const old = young === -1 ? this.kept.length : young
    const forgotten = this.kept.splice(0, Math.max(old, this.kept.length - KEPT_MAX))
    this.forgottenThrough = forgotten.at(-1)?.sequence ?? this.forgottenThrough
  }
}

function keyOf(event: LiveEvent): string | undefined {
  switch (event.kind) {
    case 'server-changed':
    case 'pools-changed':
      return event.kind
    case 'relationship-changed':
      return `${event.kind} ${event.relationship.name}`
    case 'transition':
    case 'leases-summary':
    case 'lease-changed':
    case 'audit':
      return undefined
  }
}
