/** Asks one partner again and again, keeps its last answer with its age, and knows since when it answers or does not. */
import type { PartnerTold, PartnerView } from '@tandem/api-contract'
import { isoOf, isoOrNull } from '../http/view-values.ts'
import { LimitedLog, type NoticeLine } from '../observability/notice-log.ts'
import type { Log } from '../observability/log.ts'
import { pathOf } from './channel-contract.ts'
import type { Asked } from './partner-questions.ts'
import { readStatus, type ToldBy } from './partner-told.ts'

type ChannelState = PartnerView['channel']['state']

const PAUSE_MS = 2_000
/** Not more often than this, whatever happens. */
const PAUSE_LEAST_MS = 500
/** After failures the pause doubles up to here. One that is silent may be back any moment; what is refused, somebody has to put right. */
const PAUSE_MAX_MS: Readonly<Record<ChannelState, number>> = {
  'not-asked-yet': PAUSE_MS,
  answers: PAUSE_MS,
  silent: 8_000,
  unusable: 32_000,
}

const SILENT_BEFORE_SAID = 3

export interface PartnerAskerOptions extends ToldBy {
  /** Does not reject. */
  readonly ask: (path: string) => Promise<Asked>
  readonly clock: () => number
  readonly log: Log
}

export class PartnerAsker {
  readonly #options: PartnerAskerOptions
  readonly #log: LimitedLog
  #state: ChannelState = 'not-asked-yet'
  #sinceMs: number
  #problem: string | undefined
  #told: PartnerTold | undefined
  #asOfMs: number | undefined
  #failures = 0
  /** What the log was told last. */
  #said: ChannelState = 'not-asked-yet'
  #timer: NodeJS.Timeout | undefined
  #isAsking = false
  #isHurried = false
  #isStopped = false

  constructor(options: PartnerAskerOptions) {
    this.#options = options
    this.#log = new LimitedLog(options.log, options.clock)
    this.#sinceMs = options.clock()
  }

  start(): void {
    void this.#askNow()
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }

  /** Something has happened that the partner may have seen too: it is not waited until the next turn. */
  askSoon(): void {
    if (this.#isAsking) this.#isHurried = true
    else if (this.#timer !== undefined) this.#askAfter(PAUSE_LEAST_MS)
  }

  view(): PartnerView {
    return {
      serverName: this.#options.partnerName,
      channel: { state: this.#state, since: isoOf(this.#sinceMs), problem: this.#problem ?? null },
      asOf: isoOrNull(this.#asOfMs),
      told: this.#told ?? null,
    }
  }

  async #askNow(): Promise<void> {
    this.#timer = undefined
    this.#isAsking = true
    this.#isHurried = false
    const { relationship, ask } = this.#options
    const asked = await ask(pathOf({ relationship, kind: 'status' }))
    this.#isAsking = false
    if (this.#isStopped) return
    this.#take(asked)
    this.#askAfter(this.#isHurried ? PAUSE_LEAST_MS : this.#pauseMs())
  }

  #askAfter(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#askNow(), ms)
    this.#timer.unref()
  }

  #pauseMs(): number {
    return Math.min(PAUSE_MS * 2 ** this.#failures, PAUSE_MAX_MS[this.#state])
  }

  #take(asked: Asked): void {
    if (asked.kind !== 'answered') return this.#enter(asked.kind, asked.problem)
    const read = readStatus(asked.body, this.#options, (asked.sentAtMs + asked.receivedAtMs) / 2)
    if (!read.ok) return this.#enter('unusable', read.problem)
    this.#told = read.told
    // A clock that is set back makes nothing older than it was.
    this.#asOfMs = Math.max(this.#asOfMs ?? 0, asked.receivedAtMs)
    this.#enter('answers', undefined)
  }

  #enter(state: ChannelState, problem: string | undefined): void {
    this.#failures = state === 'answers' ? 0 : Math.min(this.#failures + 1, 10)
    this.#problem = problem
    if (state !== this.#state) this.#sinceMs = this.#options.clock()
    this.#state = state
    this.#say()
  }

  /** Two servers that are started together find each other within seconds: that one was first is no news. */
  #say(): void {
    const isEarly = this.#said === 'not-asked-yet' && this.#state === 'silent' && this.#failures < SILENT_BEFORE_SAID
    if (this.#state === this.#said || isEarly) return
    this.#said = this.#state
    this.#log.write(this.#lineOf(this.#state))
  }

  #lineOf(state: ChannelState): NoticeLine {
    const { relationship, partnerName } = this.#options
    switch (state) {
      case 'answers':
      case 'not-asked-yet':
        return {
          level: 'info',
          id: 'CHANNEL_ANSWERS',
          message: `${relationship}: ${partnerName} answers over the private channel`,
          limitedAs: relationship,
        }
      case 'silent':
        return {
          level: 'warning',
          id: 'CHANNEL_SILENT',
          message: `${relationship}: ${partnerName} does not answer over the private channel: ${this.#problem}`,
          limitedAs: relationship,
        }
      case 'unusable':
        return {
          level: 'warning',
          id: 'CHANNEL_UNUSABLE',
          message: `${relationship}: what answers for ${partnerName} over the private channel cannot be used: ${this.#problem}`,
          limitedAs: relationship,
        }
    }
  }
}
