/** One bulk release under way: leases are released a few at a time, with room for clients in between, until it is stopped. */
import type { CommandResult } from '@tandem/engine'
import type { EndOfBulkRelease } from '../../storage/bulk-releases.queries.ts'
import type { LeaseKey } from '../../storage/leases.queries.ts'
import type { Refusal } from './left-alone.ts'
import type { Tally } from './tally.ts'

/** What the run needs of the world. */
export interface ReleaseDoor {
  /** In the order of the leases, why each is left alone; undefined where it is not. Undefined for all: the lists are behind. */
  look(leases: readonly LeaseKey[]): Promise<readonly (Refusal | undefined)[] | undefined>
  release(lease: LeaseKey, number: number): Promise<CommandResult>
  /** How far it is; now and then. */
  save(progress: RunProgress): Promise<void>
  /** Ends early with the signal. */
  pause(ms: number, stopped: AbortSignal): Promise<void>
  nowMs(): number
}

export interface RunProgress {
  readonly released: number
  readonly refused: Tally
}

export type RunEnd = Pick<EndOfBulkRelease, 'state' | 'endedBy' | 'problem'>

/** Their updates and replies to clients share a commit. */
const AT_A_TIME = 8
/** The engine is left to clients at least as long as it worked for the run, and never less than this. */
const PAUSE_MIN_MS = 20
const BEHIND_PAUSE_MS = 500
const SAVE_INTERVAL_MS = 2_000

const done: RunEnd = { state: 'done', endedBy: undefined, problem: undefined }
const interrupted: RunEnd = { state: 'interrupted', endedBy: undefined, problem: undefined }

export class ReleaseRun {
  readonly #leases: readonly LeaseKey[]
  readonly #refused: Tally
  readonly #door: ReleaseDoor
  #released = 0
  #tried = 0
  #stop: RunEnd | undefined
  readonly #stopped = new AbortController()
  #savedAtMs: number

  /** `refused` is of those that were left alone before it began, and is added to. */
  constructor(leases: readonly LeaseKey[], refused: Tally, door: ReleaseDoor) {
    this.#leases = leases
    this.#refused = refused
    this.#door = door
    this.#savedAtMs = door.nowMs()
  }

  get progress(): RunProgress {
    return { released: this.#released, refused: this.#refused }
  }

  /** After the leases that it has in hand; the first word counts. */
  cancel(endedBy: string): void {
    this.#end({ state: 'cancelled', endedBy, problem: undefined })
  }

  /** The server stops. */
  interrupt(): void {
    this.#end(interrupted)
  }

  #end(end: RunEnd): void {
    this.#stop ??= end
    this.#stopped.abort()
  }

  async run(): Promise<RunEnd> {
    try {
      for (let from = 0; from < this.#leases.length; from += AT_A_TIME) {
        if (this.#stop !== undefined) return this.#stop
        const workedMs = await this.#releaseSome(from, this.#leases.slice(from, from + AT_A_TIME))
        await this.#saveNowAndThen()
        await this.#door.pause(Math.max(PAUSE_MIN_MS, workedMs), this.#stopped.signal)
      }
      // Whoever cancelled it during the last ones came too late.
      return this.#tried < this.#leases.length ? (this.#stop ?? done) : done
    } catch (error) {
      return { state: 'failed', endedBy: undefined, problem: error instanceof Error ? error.message : String(error) }
    }
  }

  /** How long the engine was at it. */
  async #releaseSome(from: number, leases: readonly LeaseKey[]): Promise<number> {
    const looked = await this.#look(leases)
    if (looked === undefined) return 0
    const beganAtMs = this.#door.nowMs()
    const answers = await Promise.allSettled(
      leases.map(async (lease, index) => looked[index] ?? this.#door.release(lease, from + index)),
    )
    for (const answer of answers) if (answer.status === 'fulfilled') this.#count(answer.value)
    const failed = answers.find((answer) => answer.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    return this.#door.nowMs() - beganAtMs
  }

  /** Waits for lists that are behind; undefined: it was stopped meanwhile. */
  async #look(leases: readonly LeaseKey[]): ReturnType<ReleaseDoor['look']> {
    while (this.#stop === undefined) {
      const looked = await this.#door.look(leases)
      if (looked !== undefined) return looked
      await this.#door.pause(BEHIND_PAUSE_MS, this.#stopped.signal)
    }
    return undefined
  }

  #count(answer: Refusal | CommandResult): void {
    // Such a lease was not tried, and none after it will be.
    if (typeof answer !== 'string' && !answer.ok && answer.refusal === 'shutting-down') return this.interrupt()
    this.#tried += 1
    if (typeof answer === 'string') this.#refused.add(answer)
    else if (answer.ok) this.#released += 1
    else this.#refused.add(answer.refusal)
  }

  async #saveNowAndThen(): Promise<void> {
    if (this.#door.nowMs() - this.#savedAtMs < SAVE_INTERVAL_MS) return
    this.#savedAtMs = this.#door.nowMs()
    await this.#door.save(this.progress)
  }
}
