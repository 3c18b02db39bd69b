/**
 * One-use codes with which an operator who is signed in here signs in at the partner's console. They live in memory, as hashes,
 * for 30 seconds, and only the partner whom they are for may use one, over the private channel (decision 0104).
 */
import { randomBytes } from 'node:crypto'
import { Inject, Injectable } from '@nestjs/common'
import { CONSOLE_DATABASE } from '../http/injection-tokens.ts'
import type { Principal } from '../http/principal.ts'
import { hashOfSecret } from '../storage/api-tokens.queries.ts'
import { insertAuditEntry } from '../storage/audit.queries.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { Access } from './access.ts'

export const CODE_GOOD_MS = 30_000
/** Beyond so many the oldest is worth nothing any more. */
const CODES_MAX = 1_000

interface KeptCode {
  readonly principal: Principal
  readonly operatorId: string
  readonly relationship: string
  readonly partnerName: string
  readonly madeAtMs: number
}

export interface CodeWish {
  readonly principal: Principal
  readonly operatorId: string
  readonly relationship: string
  readonly partnerName: string
}

@Injectable()
export class SignInCodes {
  private readonly codes = new Map<string, KeptCode>()
  /** Monotonic, so that no code lasts longer where the clock is set back; another one in tests. */
  now: () => number = () => performance.now()

  constructor(
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(Access) private readonly access: Access,
  ) {}

  /** A session has one at most for each partner: the one before it is worth nothing any more. */
  async issue(wish: CodeWish): Promise<string> {
    const { principal, relationship, partnerName } = wish
    const code = randomBytes(32).toString('base64url')
    await this.note(principal, 'make-sign-in-code', partnerName, 'for its console, good once and for 30 s')
    for (const [hash, kept] of this.codes) {
      const isBefore = kept.principal.id === principal.id && kept.relationship === relationship
      if (isBefore || !this.isGood(kept) || this.codes.size >= CODES_MAX) this.codes.delete(hash)
    }
    this.codes.set(hashOfSecret(code), { ...wish, madeAtMs: this.now() })
    return code
  }

  /** `relationship`: of the partner who asks. Undefined: not known, used, too old, for another server, or its session has ended. */
  async use(relationship: string, hash: string): Promise<{ readonly operatorId: string } | undefined> {
    const kept = this.codes.get(hash)
    if (kept === undefined || kept.relationship !== relationship) return undefined
    // Before anything is waited for: of two who ask at once the second finds nothing.
    this.codes.delete(hash)
    if (!this.isGood(kept) || !(await this.access.isStillValid(kept.principal))) return undefined
    await this.note(kept.principal, 'use-sign-in-code', kept.partnerName, 'its console signed the operator in')
    return { operatorId: kept.operatorId }
  }

  private isGood({ madeAtMs }: KeptCode): boolean {
    return this.now() - madeAtMs < CODE_GOOD_MS
  }

  private async note({ name }: Principal, action: string, target: string, detail: string): Promise<void> {
    await insertAuditEntry(this.database, { nowMs: Date.now(), operator: name, action, target, detail })
  }
}
