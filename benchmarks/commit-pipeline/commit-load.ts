/** Commits of a steady size, one after the other: leases that are renewed all over the table, as clients come. */
import { addSeconds, instant, type StorageChange } from '@tandem/engine'
import type { Commit } from '../../apps/server/src/storage/commit.ts'
import { activeBinding } from '../engines/filled-table.ts'
import type { CommitWay } from './commit-ways.ts'

const START = instant(Date.UTC(2026, 0, 1))
/** Odd, and no divisor of a usual number of leases: neighbours in time are far apart in the table. */
const STRIDE = 7919
const FILLED_AT_ONCE = 1000

/** Milliseconds of each commit. */
export interface CommitTimes {
  readonly batch: number
  readonly commitsMs: readonly number[]
}

/** One for each way: storage wants its commits numbered without gaps. */
export class CommitLoad {
  readonly #way: CommitWay
  readonly #leases: number
  #number = 0
  #turn = 0

  constructor(way: CommitWay, leases: number) {
    this.#way = way
    this.#leases = leases
  }

  async fill(): Promise<void> {
    for (let first = 0; first < this.#leases; first += FILLED_AT_ONCE) {
      const count = Math.min(FILLED_AT_ONCE, this.#leases - first)
      await this.#way.commit(this.#next(Array.from({ length: count }, (_, index) => this.#change(first + index))))
    }
  }

  /** The changes are made before the clock starts. */
  async run(batch: number, forMs: number, clock: () => number): Promise<CommitTimes> {
    const commitsMs: number[] = []
    const endsAt = clock() + forMs
    do {
      const commit = this.#next(Array.from({ length: batch }, () => this.#renewal()))
      const startedAt = clock()
      await this.#way.commit(commit)
      commitsMs.push(clock() - startedAt)
    } while (clock() < endsAt)
    return { batch, commitsMs }
  }

  #renewal(): StorageChange {
    this.#turn += 1
    return this.#change((this.#turn * STRIDE) % this.#leases)
  }

  /** Each time with other times, since a row that stays as it is costs nothing. */
  #change(client: number): StorageChange {
    const binding = activeBinding(client, 'primary', addSeconds(START, this.#number))
    return { kind: 'binding-put', binding: { ...binding, owedToPartner: true } }
  }

  #next(changes: readonly StorageChange[]): Commit {
    this.#number += 1
    const atMs = START + this.#number
    return { number: this.#number, changes, atMs, runningUntilMs: atMs + 3000, promises: true }
  }
}

export function rowsPerSecond({ batch, commitsMs }: CommitTimes): number {
  return (1000 * batch * commitsMs.length) / commitsMs.reduce((total, ms) => total + ms, 0)
}
