/**
 * Wrong passwords in the audit and the log: at most one line a minute for each account, with a count of those that got none.
 * Names that nobody has share one, so whoever guesses cannot fill the database.
 */
import { Inject, Injectable } from '@nestjs/common'
import { CONSOLE_DATABASE, LOG } from '../http/injection-tokens.ts'
import type { Log } from '../observability/log.ts'
import { insertAuditEntry } from '../storage/audit.queries.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'

const PAUSE_MS = 60_000

@Injectable()
export class RefusedSignIns {
  private readonly said = new Map<string, { atMs: number; since: number }>()

  constructor(
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** `name` is null where nobody has it: what strangers type does not go to the audit. */
  async add(name: string | null, address: string, what: 'wrong-password' | 'disabled', nowMs: number): Promise<void> {
    const target = name ?? '(unknown name)'
    const earlier = this.said.get(target)
    if (earlier !== undefined && nowMs - earlier.atMs < PAUSE_MS) {
      earlier.since += 1
      return
    }
    this.said.set(target, { atMs: nowMs, since: 0 })
    const why = what === 'disabled' ? 'the operator is disabled' : 'wrong password'
    const more = earlier === undefined || earlier.since === 0 ? '' : `, and ${earlier.since} more since the line before`
    const detail = `${name === null ? 'nobody has the name' : why}, from ${address}${more}`
    this.log.write('warning', 'SIGN_IN_REFUSED', `${target}: ${detail}`, { address })
    const entry = { nowMs, operator: target, action: 'sign-in', target, detail, outcome: 'refused' } as const
    await insertAuditEntry(this.database, entry)
  }
}
