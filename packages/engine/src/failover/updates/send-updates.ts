/** Which lease goes next to the partner and what its answer means: lazy, flow-controlled, without a retransmission timer (RFC 8156 sections 4.3, 7.4, 7.5.4). */
import { hasBug } from '../../deliberate-bug.ts'
import { MessageType, StatusCode, type Options } from '@tandem/protocol'
import type { Binding, BindingKey } from '../../bindings/binding.ts'
import { leaseText } from '../../bindings/lease-text.ts'
import type { Step } from '../../step.ts'
import type { Instant } from '../../time/instant.ts'
import type { UpdatesHost } from '../endpoint.ts'
import { isAvailable, isEnded } from './available-status.ts'
import { buildUpdate, canBeTold } from './build-update.ts'
import { DumpRun } from './full-resync.ts'
import { acknowledged, isAsTold, readAcknowledgement } from './receive-acknowledgement.ts'
import { type SentUpdate, UpdateWindow } from './update-window.ts'
import { WaitingLeases } from './waiting-leases.ts'

/** What a reply settled; the pool balance wants to know. */
export interface Settled {
  readonly key: BindingKey
  readonly takeBack: boolean
  readonly accepted: boolean
}

/** Refusals that time or the partner's own update may lift; the others stand until the lease or the session changes. */
const passingRefusals: ReadonlySet<number> = new Set([
  StatusCode.AddressInUse,
  StatusCode.OutdatedBindingInformation,
  StatusCode.UnspecFail,
])

export class UpdateSender {
  readonly #host: UpdatesHost
  readonly #window = new UpdateWindow()
  readonly #waiting = new WaitingLeases()
  /** Refused for good on this session, as it was told then. */
  readonly #refused = new Map<BindingKey, Binding>()
  /** Prefixes asked back, since when: told as FREE while the record stays FREE-BACKUP (RFC 8156 section 4.2.2). */
  readonly #takeBacks = new Map<BindingKey, Instant>()
  #dump: DumpRun | undefined

  constructor(host: UpdatesHost) {
    this.#host = host
  }

  get window(): UpdateWindow {
    return this.#window
  }

  get dump(): DumpRun | undefined {
    return this.#dump
  }

  /** Nothing is left that could be sent unasked. */
  get backlogIsSent(): boolean {
    return this.#waiting.size === 0
  }

  /** Told as its record says, even if it had been asked back before. */
  enqueue(key: BindingKey): void {
    this.#takeBacks.delete(key)
    this.#wait(key)
  }

  enqueueTakeBack(key: BindingKey, since: Instant): void {
    this.#takeBacks.set(key, since)
    this.#wait(key)
  }

  /** The periodic scan; `afresh` on a new session, when what was refused for good is tried once more. */
  enqueueOwed(afresh: boolean): void {
    if (hasBug('owed-not-flushed')) return
    if (afresh) this.#refused.clear()
    const { table, relationship } = this.#host
    for (const slot of table.owedSlots(relationship.name)) {
      // Most of what is owed after a long outage waits already, at every scan.
      if (this.#refused.size === 0 && this.#waiting.has(slot)) continue
      const key = table.keyAt(slot)
      if (this.#window.holds(key)) continue
      if (this.#refused.has(key) && this.#isRefusedStill(key, table.at(slot))) continue
      this.#waiting.add(slot)
    }
  }

  /** A new request begins an unfinished run anew (RFC 8156 section 8.5.2), wide enough to answer the older one too. */
  startDump(transactionId: number, everything: boolean): void {
    const { table, relationship } = this.#host
    const before = this.#dump
    const all = everything || before?.all === true
    const slots: number[] = []
    for (const slot of all ? table.slots() : table.owedSlots(relationship.name)) {
      if (table.relationshipAt(slot) === relationship.name && this.#canBeToldAt(slot)) slots.push(slot)
    }
    const transactionIds = [...(before?.transactionIds ?? []), transactionId]
    this.#dump = new DumpRun(transactionIds, Int32Array.from(slots), (slot) => table.keyAt(slot), all)
  }

  connectionLost(): void {
    this.#window.clear()
    this.#waiting.clear()
    this.#refused.clear()
    this.#takeBacks.clear()
    this.#dump = undefined
  }

  /** Sends what the window has room for. */
  pump(step: Step): void {
    const host = this.#host
    if (!host.communicationsOk()) return
    while (this.#window.size < host.partnerMaxUnacked() || hasBug('window-ignored')) {
      const key = this.#nextOfDump() ?? this.#nextOfBacklog()
      if (key === undefined) break
      this.#send(step, key)
    }
    this.#finishDump(step)
  }

  /** A BNDREPLY; undefined: it answers nothing that we have sent. */
  receiveReply(step: Step, transactionId: number, message: Options): Settled | undefined {
    const sent = this.#window.take(transactionId)
    if (sent === undefined) return undefined
    const { key, takeBack } = sent
    const answer = readAcknowledgement(message, sent, step.now)
    this.#dump?.settle(key)
    this.#takeBacks.delete(key)
    const current = this.#host.table.get(key)
    if (current === undefined) return { key, takeBack, accepted: answer.accepted }
    if (answer.accepted) {
      if (this.#isForgetfulAnswer(current, sent)) {
        // Told once more on the way to NORMAL, when the partner's own promises are over (decision 0030).
        return { key, takeBack, accepted: true }
      }
      const isShared = this.#host.pools.isShared(current.kind, current.prefix)
      step.changeBinding(acknowledged(current, sent, answer.promise, isShared), takeBack ? 'balance' : 'acknowledged')
      if (this.#host.table.get(key)?.owedToPartner === true) this.#wait(key)
      return { key, takeBack, accepted: true }
    }
    this.#noticeRefusal(step, sent.told, answer.refusal)
    // The partner keeps it, as our record says; it may have no record of just this block, so it is told with the next scan.
    if (takeBack) return { key, takeBack, accepted: false }
    if (!isAsTold(current, sent) || hasBug('refused-update-repeated')) {
      this.#wait(key)
    } else if (current.client === undefined && isAvailable(current.status) && !current.owedToPartner) {
      // A block told with everything, which the partner may lack: without it the bigger one around it says who owns this.
      step.changeBinding({ ...current, owedToPartner: true }, 'acknowledged')
    } else if (!passingRefusals.has(answer.refusal.statusCode)) {
      this.#refused.set(key, sent.told)
      // Acknowledged once, perhaps, but the partner has it no more; told again on the next session.
      const isMissing = answer.refusal.statusCode === StatusCode.ConfigurationConflict && !isAvailable(current.status)
      if (isMissing && !current.owedToPartner) {
        step.changeBinding({ ...current, owedToPartner: true }, 'acknowledged')
      }
    }
    return { key, takeBack, accepted: false }
  }

  /** A partner that has lost its memory agrees to any end, also of a lease that it has given out again and never told of. */
  #isForgetfulAnswer(current: Binding, sent: SentUpdate): boolean {
    return isEnded(current.status) && isAsTold(current, sent) && this.#host.partnerMayHaveForgotten()
  }

  #nextOfDump(): BindingKey | undefined {
    return this.#dump?.take((key) => this.#window.holds(key))
  }

  /** Unasked updates flow only where both serve or resolve (digest A27). */
  #nextOfBacklog(): BindingKey | undefined {
    if (!mayTellUnasked(this.#host)) return undefined
    const { table, pools } = this.#host
    for (let slot = this.#waiting.take(); slot !== undefined; slot = this.#waiting.take()) {
      const key = table.keyAt(slot)
      // While one is on its way the next waits for its answer, which puts it here again.
      if (this.#window.holds(key)) continue
      const binding = table.at(slot)
      if (binding.owedToPartner && canBeTold(binding, pools)) return key
    }
    return undefined
  }

  /** Nothing can be told of a lease that has no record. */
  #wait(key: BindingKey): void {
    const slot = this.#host.table.slotOf(key)
    if (slot !== undefined) this.#waiting.add(slot)
  }

  /** As `canBeTold`, without making the binding: all leases are looked at in one step. */
  #canBeToldAt(slot: number): boolean {
    const { table, pools } = this.#host
    return table.hasClientAt(slot) || pools.isShared(table.kindAt(slot), table.prefixAt(slot))
  }

  #send(step: Step, key: BindingKey): void {
    const host = this.#host
    const current = host.table.get(key)
    if (current === undefined || !canBeTold(current, host.pools)) {
      this.#dump?.settle(key)
      return
    }
    const takeBackSince = current.status === 'FREE-BACKUP' ? this.#takeBacks.get(key) : undefined
    const told: Binding =
      takeBackSince === undefined ? current : { ...current, status: 'FREE', statusSince: takeBackSince }
    if (isEnded(current.status) && !current.updateSent) {
      step.changeBinding({ ...current, updateSent: true }, 'acknowledged')
    }
    const { options, partnerLifetimeTold } = buildUpdate(told, step.now, host.partnerMayHavePromised(told))
    const transactionId = host.nextTransactionId()
    this.#window.add(transactionId, {
      key,
      told,
      partnerLifetimeTold,
      takeBack: takeBackSince !== undefined,
      sentAt: step.now,
    })
    host.send(step, MessageType.Bndupd, transactionId, options)
  }

  #finishDump(step: Step): void {
    const dump = this.#dump
    if (dump === undefined || !dump.complete) return
    this.#dump = undefined
    for (const id of dump.transactionIds) this.#host.send(step, MessageType.Upddone, id, [])
  }

  #isRefusedStill(key: BindingKey, binding: Binding): boolean {
    const told = this.#refused.get(key)
    if (told === undefined) return false
    const unchanged = told.status === binding.status && told.clientHeardAt === binding.clientHeardAt
    if (!unchanged) this.#refused.delete(key)
    return unchanged
  }

  #noticeRefusal(step: Step, told: Binding, refusal: { readonly statusCode: number; readonly text: string }): void {
    step.notice({
      kind: 'update-rejected',
      relationship: this.#host.relationship.name,
      by: 'partner',
      lease: leaseText(told),
      statusCode: refusal.statusCode,
      detail: refusal.text,
      rule: 'RFC 8156 7.7',
      inputs: { told: told.status, toldSince: told.statusSince },
    })
  }
}

export function mayTellUnasked(host: UpdatesHost): boolean {
  if (!host.communicationsOk()) return false
  const state = host.state()
  return state === 'NORMAL' || state === 'CONFLICT-DONE' || host.partnerWaits()
}
