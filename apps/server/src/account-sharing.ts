/** Between the private channel and the stored accounts: what the partner is told, and what becomes of what it tells (decision 0103). */
import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from './observability/log.ts'
import type { AccountsAnswer, ToldAccounts } from './partner-channel/accounts-contract.ts'
import type { Access } from './sessions/access.ts'
import type { ConsoleDatabase } from './storage/console-database.ts'
import { accountsMark, readAccounts, takeOverAccounts } from './storage/shared-accounts.ts'
import { administratorExists } from './storage/operators.queries.ts'

/** An open question is answered after it, changed or not. */
const WAIT_MS = 2_000
/** How often it is looked whether something has changed, by this process or by the command line, while a question is open. */
const LOOK_MS = 250

type Told = Required<Pick<AccountsAnswer, 'digest' | 'accounts'>>

export class AccountSharingWork {
  #mark: string | undefined
  #told: Told | undefined
  /** One look for all questions that are open, of however many relationships. */
  #look: { readonly atMs: number; readonly found: Promise<Told> } | undefined
  #isStopped = false
  readonly #open = new Set<Promise<unknown>>()

  constructor(
    private readonly database: ConsoleDatabase,
    private readonly access: Access,
    private readonly log: Log,
  ) {}

  /** Answers as soon as they are others than those of this digest. */
  tell(digest: string): Promise<object> {
    const answer = this.#answer(digest).finally(() => this.#open.delete(answer))
    this.#open.add(answer)
    return answer
  }

  async takeOver(partnerName: string, accounts: ToldAccounts): Promise<void> {
    let hasChanged = false
    for await (const { endedSignIns, changes } of takeOverAccounts(this.database, accounts, {
      from: partnerName,
      nowMs: Date.now(),
    })) {
      for (const id of endedSignIns) this.access.announceEnd(id)
      if (changes.length === 0) continue
      hasChanged = true
      this.log.write('info', 'ACCOUNTS_TAKEN_OVER', `taken over from ${partnerName}: ${changes.join(', ')}`)
    }
    if (!hasChanged) return
    if (await administratorExists(this.database)) return
    this.log.write(
      'warning',
      'ACCOUNTS_WITHOUT_ADMINISTRATOR',
      'no administrator may sign in any more, on neither server',
    )
  }

  /** Open questions are answered at once; resolves when none of them reads the database any more. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await Promise.allSettled(this.#open)
  }

  async #answer(seen: string): Promise<object> {
    for (const endMs = performance.now() + WAIT_MS; ; await delay(LOOK_MS)) {
      if (this.#isStopped) return { digest: seen }
      const told = await this.#lookNow()
      if (told.digest !== seen) return told
      if (performance.now() >= endMs) return { digest: seen }
    }
  }

  #lookNow(): Promise<Told> {
    const atMs = performance.now()
    if (this.#look === undefined || atMs - this.#look.atMs >= LOOK_MS / 2) this.#look = { atMs, found: this.#current() }
    return this.#look.found
  }

  async #current(): Promise<Told> {
    const mark = await accountsMark(this.database)
    if (this.#told !== undefined && mark === this.#mark) return this.#told
    const accounts = await readAccounts(this.database)
    const digest = createHash('sha256').update(JSON.stringify(accounts)).digest('base64url')
    // Changed again meanwhile: the mark is older than what was read, and the next look reads anew.
    this.#mark = mark
    this.#told = { digest, accounts }
    return this.#told
  }
}
