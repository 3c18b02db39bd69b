/** Everything that the clients of the load asked and were told, in the order in which it happened to them. */
import type { Duid } from '@tandem/protocol'
import type { ServerName } from '../topology/pair-configuration.ts'
import type { ClientMessageName } from './client-message.ts'

/** A message of a client about a lease. Each is one line per lease that it names. */
export interface AskedLine {
  readonly kind: 'asked'
  readonly order: number
  readonly atMs: number
  readonly message: ClientMessageName
  readonly transactionId: number
  readonly client: Duid
}

/** A REPLY that a client received, about one lease. */
export interface ToldLine {
  readonly kind: 'told'
  readonly order: number
  readonly atMs: number
  readonly by: ServerName
  readonly answers: ClientMessageName
  readonly transactionId: number
  readonly client: Duid
  /** When the client first sent the message that this answers, and where that stands. */
  readonly askedAtMs: number
  readonly askedOrder: number
  /** When it was sent for the last time before this came. */
  readonly sentAtMs: number
  /** Zero for the answer to RELEASE, and for a lease that was taken back. */
  readonly validSeconds: number
}

export type LedgerLine = AskedLine | ToldLine

export class LoadLedger {
  readonly #lines = new Map<string, LedgerLine[]>()
  #order = 0
  readonly #replies = new Map<ClientMessageName | 'unknown', number>()

  get replyCount(): number {
    return this.#replies.values().reduce((sum, count) => sum + count, 0)
  }

  /** REPLYs to messages of this name. */
  repliesTo(name: ClientMessageName): number {
    return this.#replies.get(name) ?? 0
  }

  countReply(answers: ClientMessageName | 'unknown'): void {
    this.#replies.set(answers, (this.#replies.get(answers) ?? 0) + 1)
  }

  asked(lease: string, line: Omit<AskedLine, 'kind' | 'order'>): number {
    return this.#add(lease, { ...line, kind: 'asked', order: this.#order })
  }

  told(lease: string, line: Omit<ToldLine, 'kind' | 'order'>): number {
    return this.#add(lease, { ...line, kind: 'told', order: this.#order })
  }

  nextOrder(): number {
    this.#order += 1
    return this.#order
  }

  leases(): readonly string[] {
    return [...this.#lines.keys()]
  }

  of(lease: string): readonly LedgerLine[] {
    return this.#lines.get(lease) ?? []
  }

  #add(lease: string, line: LedgerLine): number {
    const lines = this.#lines.get(lease)
    if (lines === undefined) this.#lines.set(lease, [line])
    else lines.push(line)
    return this.nextOrder()
  }
}
