/** The disk of one simulated server: it holds what was committed, and nothing else survives a crash. */
import {
  addMs,
  keyOf,
  type Binding,
  type EndpointRecord,
  type Instant,
  type ReservationRecord,
  type RestoredState,
  type StorageChange,
} from '@tandem/engine'

/** As the real one: "running until" is written ahead of the clock (architecture, section 5). */
const RUNNING_UNTIL_AHEAD_MS = 3_000

export class SimulatedStore {
  readonly #bindings = new Map<string, Binding>()
  readonly #endpoints = new Map<string, EndpointRecord>()
  readonly #reservations = new Map<string, ReservationRecord>()
  readonly #history: StorageChange[] = []
  #lastCommitAt: Instant | undefined
  #ranUntil: Instant | undefined

  /** `decidedAt`: when the commit was begun; "running until" counts from there, as in the real one. */
  apply(changes: readonly StorageChange[], decidedAt: Instant): void {
    for (const change of changes) {
      switch (change.kind) {
        case 'binding-put':
          this.#bindings.set(keyOf(change.binding), change.binding)
          break
        case 'endpoint-put':
          this.#endpoints.set(change.endpoint.relationship, change.endpoint)
          break
        case 'reservations-put':
          this.#reservations.set(change.reservations.relationship, change.reservations)
          break
        case 'transition-added':
        case 'audit-added':
          this.#history.push(change)
          break
      }
    }
    if (changes.length > 0) this.#lastCommitAt = decidedAt
    this.#ranUntil = addMs(decidedAt, RUNNING_UNTIL_AHEAD_MS)
  }

  /** Undefined: nothing was ever committed. */
  get ranUntil(): Instant | undefined {
    return this.#ranUntil
  }

  /** The disk was lost: as if the server had never run. */
  erase(): void {
    this.#bindings.clear()
    this.#endpoints.clear()
    this.#reservations.clear()
    this.#history.length = 0
    this.#lastCommitAt = undefined
    this.#ranUntil = undefined
  }

  restored(): RestoredState {
    return {
      bindings: [...this.#bindings.values()],
      endpoints: [...this.#endpoints.values()],
      reservations: [...this.#reservations.values()],
      lastCommitAt: this.#lastCommitAt,
      ranUntil: this.#ranUntil,
    }
  }

  binding(key: string): Binding | undefined {
    return this.#bindings.get(key)
  }

  bindings(): Iterable<Binding> {
    return this.#bindings.values()
  }

  endpoint(relationship: string): EndpointRecord | undefined {
    return this.#endpoints.get(relationship)
  }

  history(): readonly StorageChange[] {
    return this.#history
  }
}
