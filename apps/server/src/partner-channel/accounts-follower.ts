/**
 * Keeps the accounts of this server in step with those of one partner: a question is always open there, which the partner
 * answers when something has changed, and at the latest after two seconds (decision 0103).
 */
import type { AccountSharing } from '@tandem/api-contract'
import { toHttpProblem } from '../http/problem.filter.ts'
import { isoOf, isoOrNull } from '../http/view-values.ts'
import { LimitedLog } from '../observability/notice-log.ts'
import type { Log } from '../observability/log.ts'
import { readAccountsAnswer } from './accounts-contract.ts'
import type { AccountsAnswer, ToldAccounts } from './accounts-contract.ts'
import { NO_DIGEST, pathOf } from './channel-contract.ts'
import type { Asked } from './partner-questions.ts'

export type SharingState = AccountSharing['state']

/** What becomes of accounts that the partner told. Rejects where they cannot be stored now. */
export type TakeOver = (partnerName: string, accounts: ToldAccounts) => Promise<void>

export interface AccountsFollowerOptions {
  readonly relationship: string
  readonly partnerName: string
  /** Does not reject. */
  readonly ask: (path: string) => Promise<Asked>
  readonly takeOver: TakeOver
  readonly clock: () => number
  readonly log: Log
}

/** Between two answers: a partner that does not wait must not keep this server busy. */
const PAUSE_LEAST_MS = 100
const PAUSE_FIRST_MS = 500
/** One that is silent may be back any moment, and then a revocation must not wait. */
const PAUSE_MAX_MS: Readonly<Record<SharingState, number>> = {
  'own-accounts': 8_000,
  'not-asked-yet': PAUSE_FIRST_MS,
  'in-step': PAUSE_LEAST_MS,
  silent: 2_000,
  unusable: 8_000,
}

export class AccountsFollower {
  readonly #options: AccountsFollowerOptions
  readonly #log: LimitedLog
  #state: SharingState = 'not-asked-yet'
  #sinceMs: number
  #problem: string | undefined
  #asOfMs: number | undefined
  /** Of what was taken over last. */
  #digest = NO_DIGEST
  #failures = 0
  #timer: NodeJS.Timeout | undefined
  #isStopped = false
  #running: Promise<void> = Promise.resolve()

  constructor(options: AccountsFollowerOptions) {
    this.#options = options
    this.#log = new LimitedLog(options.log, options.clock)
    this.#sinceMs = options.clock()
  }

  start(): void {
    this.#running = this.#askNow()
  }

  /** Resolves when nothing of it is under way any more; the questions have to be closed before. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  view(): AccountSharing {
    const { relationship, partnerName } = this.#options
    return {
      relationship,
      serverName: partnerName,
      state: this.#state,
      since: isoOf(this.#sinceMs),
      asOf: isoOrNull(this.#asOfMs),
      problem: this.#problem ?? null,
    }
  }

  async #askNow(): Promise<void> {
    const { relationship, ask } = this.#options
    const asked = await ask(pathOf({ relationship, kind: 'accounts', digest: this.#digest }))
    if (this.#isStopped) return
    await this.#take(asked)
    if (this.#isStopped) return
    const pauseMs = Math.min(PAUSE_FIRST_MS * 2 ** this.#failures, PAUSE_MAX_MS[this.#state])
    this.#timer = setTimeout(() => {
      this.#running = this.#askNow()
    }, pauseMs)
    this.#timer.unref()
  }

  async #take(asked: Asked): Promise<void> {
    if (asked.kind === 'unusable' && asked.status === 404) {
      return this.#enter(
        'own-accounts',
        'it keeps accounts of its own: node.partners, channel, accounts; or its version is older',
      )
    }
    if (asked.kind !== 'answered') return this.#enter(asked.kind, asked.problem)
    const answer = readAccountsAnswer(asked.body)
    if (answer === undefined) return this.#enter('unusable', 'its answer is not understood')
    try {
      if (answer.accounts !== undefined) await this.#options.takeOver(this.#options.partnerName, answer.accounts)
    } catch (error) {
      const { kind, details } = toHttpProblem(error)
      const why = kind === 'internal' ? String(error).trim().split('\n', 1)[0] : details.detail
      return this.#enter('unusable', `its accounts could not be stored here: ${why}`)
    }
    this.#digest = answer.digest
    // A clock that is set back makes nothing older than it was.
    this.#asOfMs = Math.max(this.#asOfMs ?? 0, asked.receivedAtMs)
    this.#enter('in-step', remarkOn(answer))
  }

  #enter(state: SharingState, problem: string | undefined): void {
    this.#failures = state === 'in-step' ? 0 : Math.min(this.#failures + 1, 10)
    this.#problem = problem
    if (state === this.#state) return
    this.#state = state
    this.#sinceMs = this.#options.clock()
    this.#say(state)
  }

  /** That a partner is silent, the channel says already. */
  #say(state: SharingState): void {
    const { relationship, partnerName } = this.#options
    if (state === 'in-step') {
      this.#log.write({
        level: 'info',
        id: 'ACCOUNTS_IN_STEP',
        message: `${relationship}: accounts and API tokens are those of ${partnerName} too`,
        limitedAs: relationship,
      })
    }
    if (state === 'unusable' || state === 'own-accounts') {
      this.#log.write({
        level: 'warning',
        id: 'ACCOUNTS_NOT_SHARED',
        message: `${relationship}: accounts are not shared with ${partnerName}: ${this.#problem}`,
        limitedAs: relationship,
      })
    }
  }
}

function remarkOn({ notUnderstood, unknownRoles }: AccountsAnswer): string | undefined {
  const remarks = [
    ...(notUnderstood > 0 ? [`${notUnderstood} of its accounts are not understood: it may be of a newer version`] : []),
    ...(unknownRoles > 0
      ? [
          `${unknownRoles} of its accounts have a role that this version does not know: they are kept, and let nobody in here`,
        ]
      : []),
  ]
  return remarks.length === 0 ? undefined : remarks.join('; ')
}
