/** BNDUPDs on their way, by transaction id: never more than the partner accepts, and one at a time for each lease (RFC 8156 sections 6.1 and 7.4). */
import type { DhcpTime } from '@tandem/protocol'
import type { Binding, BindingKey } from '../../bindings/binding.ts'
import type { Instant } from '../../time/instant.ts'

export interface SentUpdate {
  readonly key: BindingKey
  /** The lease as it was told: the reply speaks of this, not of what the lease is by then. */
  readonly told: Binding
  /** PARTNER_LIFETIME as it went out; the reply must echo it bit by bit. */
  readonly partnerLifetimeTold: DhcpTime | undefined
  /** A take-back tells FREE while the record stays FREE-BACKUP (RFC 8156 section 4.2.2). */
  readonly takeBack: boolean
  readonly sentAt: Instant
}

export class UpdateWindow {
  readonly #byId = new Map<number, SentUpdate>()
  readonly #byKey = new Map<BindingKey, SentUpdate>()

  get size(): number {
    return this.#byId.size
  }

  add(transactionId: number, sent: SentUpdate): void {
    this.#byId.set(transactionId, sent)
    this.#byKey.set(sent.key, sent)
  }

  /** Frees the slot of this reply; undefined: nothing of ours has this transaction id. */
  take(transactionId: number): SentUpdate | undefined {
    const sent = this.#byId.get(transactionId)
    if (sent === undefined) return undefined
    this.#byId.delete(transactionId)
    this.#byKey.delete(sent.key)
    return sent
  }

  holds(key: BindingKey): boolean {
    return this.#byKey.has(key)
  }

  /** The lease as it was told and not yet answered; undefined: nothing of it is on its way. */
  told(key: BindingKey): Binding | undefined {
    return this.#byKey.get(key)?.told
  }

  /** Entries stand in order of sending, so the first is the oldest. */
  oldestSentAt(): Instant | undefined {
    const first = this.#byId.values().next()
    return first.done === true ? undefined : first.value.sentAt
  }

  transactionIds(): Iterable<number> {
    return this.#byId.keys()
  }

  clear(): void {
    this.#byId.clear()
    this.#byKey.clear()
  }
}
