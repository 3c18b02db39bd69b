/** The disk of one simulated server: it holds what was committed, and nothing else survives a crash. */
import {
  keyOf,
  type Binding,
  type EndpointRecord,
  type Instant,
  type PoolDrain,
  type ReservationRecord,
  type RestoredState,
  type StorageChange,
} from '@tandem/engine'

/** One batch as the driver hands it over. */
export interface SimulatedCommit {
  /** The key of a batch: what is written twice is written once. */
  readonly number: number
  readonly changes: readonly StorageChange[]
  readonly at: Instant
  readonly runningUntil: Instant
  /** Does it carry, or go before, something that others may rely on? */
  readonly promises: boolean
}

/** What a copy of the disk holds. */
export interface StoreCopy {
  readonly restored: RestoredState
  readonly number: number
}

export class SimulatedStore {
  readonly #bindings = new Map<string, Binding>()
  readonly #endpoints = new Map<string, EndpointRecord>()
  readonly #reservations = new Map<string, ReservationRecord>()
  #drains: readonly PoolDrain[] = []
  #number = 0
  #lastCommitAt: Instant | undefined
  #ranUntil: Instant | undefined

  apply(commit: SimulatedCommit): void {
    if (commit.number <= this.#number) return
    for (const change of commit.changes) {
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
        case 'drains-put':
          this.#drains = change.drains
          break
        case 'transition-added':
        case 'audit-added':
          // Kept for people; no start reads them.
          break
      }
    }
    this.#number = commit.number
    if (commit.promises) this.#lastCommitAt = commit.at
    this.#ranUntil = commit.runningUntil
  }

  /** Written alone, while nothing else happens. */
  noteRunning(until: Instant): void {
    this.#ranUntil = until
  }

  /** Of the last batch; zero: nothing was ever written. */
  get commitNumber(): number {
    return this.#number
  }

  /** Undefined: nothing was ever committed. */
  get ranUntil(): Instant | undefined {
    return this.#ranUntil
  }

  /** The disk was lost: as if the server had never run. */
  erase(): void {
    const nothing = { bindings: [], endpoints: [], reservations: [], drains: [] }
    this.#put({ ...nothing, lastCommitAt: undefined, ranUntil: undefined }, 0)
  }

  copy(): StoreCopy {
    return { restored: this.restored(), number: this.#number }
  }

  /** The disk now holds this, whatever it held before. */
  replace(copy: StoreCopy): void {
    this.#put(copy.restored, copy.number)
  }

  restored(): RestoredState {
    return {
      bindings: [...this.#bindings.values()],
      endpoints: [...this.#endpoints.values()],
      reservations: [...this.#reservations.values()],
      drains: this.#drains,
      lastCommitAt: this.#lastCommitAt,
      ranUntil: this.#ranUntil,
    }
  }

  get drains(): readonly PoolDrain[] {
    return this.#drains
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

  #put(state: RestoredState, number: number): void {
    this.#bindings.clear()
    this.#endpoints.clear()
    this.#reservations.clear()
    for (const binding of state.bindings) this.#bindings.set(keyOf(binding), binding)
    for (const endpoint of state.endpoints) this.#endpoints.set(endpoint.relationship, endpoint)
    for (const record of state.reservations) this.#reservations.set(record.relationship, record)
    this.#drains = state.drains
    this.#number = number
    this.#lastCommitAt = state.lastCommitAt
    this.#ranUntil = state.ranUntil
  }
}
