/** One comparison of both tables under way: a stretch after another, with room for everything else in between, until it is stopped. */
import type { LeaseState } from '@tandem/api-contract'
import type { ComparableLease, ComparedStretch, StretchAnswer, StretchItem } from '../../http/channel-views.ts'
import type { ComparisonTally, Found } from './comparison-tally.ts'

export interface OwnLease extends ComparableLease {
  /** Another one after each change. */
  readonly commitNumber: number
}

export interface OwnStretch {
  /** All of the relationship that there are in it. */
  readonly leases: readonly OwnLease[]
  /** Key of its last lease, of whatever relationship; null: the table ends with it. */
  readonly through: string | null
}

/** What the run needs of the world. */
export interface ComparisonDoor {
  /** Undefined: the lists are behind. */
  read(after: string | null): Promise<OwnStretch | undefined>
  ask(stretch: ComparedStretch): Promise<StretchAnswer>
  /** As they are now, without those that have no record; undefined: the lists are behind. */
  commitNumbers(keys: readonly string[]): Promise<ReadonlyMap<string, number> | undefined>
  /** Ends early with the signal. */
  pause(ms: number, stopped: AbortSignal): Promise<void>
  nowMs(): number
}

export type ComparisonEnd =
  | { readonly state: 'done' | 'cancelled' }
  | { readonly state: 'failed'; readonly problem: string }

/** The threads are left to everything else at least as long as they worked for the run, and never less than this. */
const PAUSE_MIN_MS = 5
const AGAIN_AFTER_MS = 1_000
/** A partner that is started anew has a minute for it. */
const TRIES_MAX = 60

export class ComparisonRun {
  readonly #tally: ComparisonTally
  readonly #door: ComparisonDoor
  readonly #stopped = new AbortController()

  constructor(tally: ComparisonTally, door: ComparisonDoor) {
    this.#tally = tally
    this.#door = door
  }

  get tally(): ComparisonTally {
    return this.#tally
  }

  cancel(): void {
    this.#stopped.abort()
  }

  async run(): Promise<ComparisonEnd> {
    let after: string | null = null
    for (;;) {
      const beganAtMs = this.#door.nowMs()
      const next: string | null | ComparisonEnd = await this.#compareFrom(after)
      if (next === null) return { state: 'done' }
      if (typeof next !== 'string') return next
      after = next
      await this.#door.pause(Math.max(PAUSE_MIN_MS, this.#door.nowMs() - beganAtMs), this.#stopped.signal)
    }
  }

  /** Where the next stretch begins; null: there is none. */
  async #compareFrom(after: string | null): Promise<string | null | ComparisonEnd> {
    let problem = 'the lists of this server are behind its leases'
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      if (this.#stopped.signal.aborted) return { state: 'cancelled' }
      try {
        const own = await this.#door.read(after)
        const answer = own === undefined ? undefined : await this.#door.ask({ after, ...own })
        if (own !== undefined && answer?.kind === 'compared') {
          if (await this.#count(own, answer.items)) return answer.upTo ?? own.through
        } else if (answer?.kind === 'failed') {
          if (answer.isFinal) return { state: 'failed', problem: answer.problem }
          problem = answer.problem
        }
      } catch (error) {
        // A database that is away for a while.
        problem = error instanceof Error ? error.message : String(error)
      }
      await this.#door.pause(AGAIN_AFTER_MS, this.#stopped.signal)
    }
    return { state: 'failed', problem }
  }

  /** The partner was asked after our own were read: what changed meanwhile is no difference. False: it cannot be told. */
  async #count({ leases }: OwnStretch, items: readonly StretchItem[]): Promise<boolean> {
    const own = new Map(leases.map((lease) => [lease.key, lease]))
    const suspects = items.filter(({ outcome }) => outcome !== 'agrees' && outcome !== 'owed')
    const now = suspects.length === 0 ? new Map() : await this.#door.commitNumbers(suspects.map(({ key }) => key))
    if (now === undefined) return false
    for (const { key, outcome } of items) {
      const lease = own.get(key)
      const isAsItWas = outcome === 'agrees' || now.get(key) === lease?.commitNumber
      this.#tally.add(key, isAsItWas ? foundBy[outcome] : 'moving', stateOf(lease))
    }
    return true
  }
}

const foundBy: Readonly<Record<StretchItem['outcome'], Found>> = {
  agrees: 'agrees',
  differs: 'differs',
  'no-record': 'only-here',
  'only-there': 'only-there',
  owed: 'moving',
}

function stateOf(lease: OwnLease | undefined): LeaseState | null {
  return lease?.state ?? null
}
