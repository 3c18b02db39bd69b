/** All that one endpoint tells its partner of leases and hears of them from it (RFC 8156 sections 4.3, 7 and 8.8). No rule stands here. */
import { hasBug } from '../../deliberate-bug.ts'
import { MessageType, StatusCode, type FailoverMessage } from '@tandem/protocol'
import { keyOf, type Binding } from '../../bindings/binding.ts'
import type { RelationshipSnapshot } from '../../snapshot.ts'
import type { Step } from '../../step.ts'
import { addMs, earliest, instant, type Instant } from '../../time/instant.ts'
import type { Updates, UpdatesHost, UpdatesStatus } from '../endpoint.ts'
import { PoolBalance } from '../pool-balance/pool-balance.ts'
import { canBeTold } from './build-update.ts'
import { ForeignDnsData } from './dns-data.ts'
import { FreedWithoutPartner } from './free-without-partner.ts'
import type { OutstandingRequest } from './full-resync.ts'
import { owedForOwnChange } from './own-changes.ts'
import { receiveUpdate } from './receive-update.ts'
import { mayTellUnasked, UpdateSender } from './send-updates.ts'

/** How often leases that are still owed are looked for (RFC 8156 section 7.5.4). */
const SCAN_INTERVAL_MS = 10_000

export function createUpdates(host: UpdatesHost): Updates {
  return new EndpointUpdates(host)
}

class EndpointUpdates implements Updates {
  readonly #host: UpdatesHost
  readonly #sender: UpdateSender
  readonly #balance: PoolBalance
  readonly #freed: FreedWithoutPartner
  readonly #dnsData = new ForeignDnsData()
  #request: OutstandingRequest | undefined
  #lastProgressAt: Instant | undefined
  #scanAt: Instant = instant(0)

  constructor(host: UpdatesHost) {
    this.#host = host
    this.#sender = new UpdateSender(host)
    this.#balance = new PoolBalance(host, this.#sender)
    this.#freed = new FreedWithoutPartner(host)
  }

  announce(step: Step, changed: readonly Binding[]): void {
    for (const binding of changed) {
      if (binding.relationship !== this.#host.relationship.name || !canBeTold(binding, this.#host.pools)) continue
      // The cause has been told by whoever made the change; this only adds what the partner is owed.
      step.changeBinding(owedForOwnChange(binding, this.#host.pools, step.now), 'acknowledged')
      if (mayTellUnasked(this.#host)) this.#sender.enqueue(keyOf(binding))
    }
    this.#pump(step)
  }

  tellAgain(step: Step, binding: Binding): boolean {
    if (!canBeTold(binding, this.#host.pools)) return false
    // What was promised stands as it was, as where the partner asks for everything: no longer lifetime is told.
    step.changeBinding({ ...binding, owedToPartner: true }, 'acknowledged')
    if (mayTellUnasked(this.#host)) this.#sender.enqueue(keyOf(binding))
    this.#pump(step)
    return true
  }

  receive(step: Step, message: FailoverMessage): void {
    const { type, transactionId } = message
    switch (type) {
      case MessageType.Bndupd:
        this.#receiveUpdate(step, message)
        break
      case MessageType.Bndreply:
        this.#receiveReply(step, message)
        break
      case MessageType.Updreq:
      case MessageType.Updreqall:
        this.#sender.startDump(transactionId, type === MessageType.Updreqall)
        this.#pump(step)
        break
      case MessageType.Upddone:
        this.#receiveUpdDone(step, transactionId)
        break
      case MessageType.Poolreq:
        this.#balance.receiveRequest(step, transactionId)
        this.#pump(step)
        break
      case MessageType.Poolresp:
        this.#balance.receiveResponse(transactionId)
        break
      case MessageType.Connect:
      case MessageType.Connectreply:
      case MessageType.Disconnect:
      case MessageType.State:
      case MessageType.Contact:
        throw new TypeError(`message type ${type} is the connection's, not the updates'`)
    }
  }

  enteredNormal(step: Step): void {
    this.#sender.enqueueOwed(true)
    this.#pump(step)
    this.#scanAt = addMs(step.now, SCAN_INTERVAL_MS)
    this.#balance.enteredNormal(step)
  }

  requestUpdates(step: Step, all: boolean): void {
    const transactionId = this.#host.nextTransactionId()
    this.#request = { transactionId, all, sentAt: step.now, received: 0 }
    this.#host.send(step, all ? MessageType.Updreqall : MessageType.Updreq, transactionId, [])
  }

  tellOwed(step: Step): void {
    if (!mayTellUnasked(this.#host)) return
    this.#sender.enqueueOwed(false)
    this.#pump(step)
  }

  rebalance(step: Step): void {
    this.#balance.rebalanceAll(step)
    this.#pump(step)
  }

  imbalances(): RelationshipSnapshot['imbalances'] {
    return this.#balance.imbalances()
  }

  connectionLost(_step: Step): void {
    this.#sender.connectionLost()
    this.#balance.connectionLost()
    this.#dnsData.connectionLost()
    this.#request = undefined
    this.#lastProgressAt = undefined
  }

  runDeadlines(step: Step): void {
    if (!this.#scans() || this.#scanAt > step.now) return
    this.#scanAt = addMs(step.now, SCAN_INTERVAL_MS)
    if (this.#host.state() === 'PARTNER-DOWN') {
      if (this.#freed.run(step)) this.#scanAt = step.now
      return
    }
    this.#freed.stop()
    this.#sender.enqueueOwed(false)
    this.#balance.check(step)
    this.#pump(step)
  }

  nextDeadline(): Instant | undefined {
    return this.#scans() ? this.#scanAt : undefined
  }

  *outstandingTransactionIds(): Generator<number> {
    yield* this.#sender.window.transactionIds()
    if (this.#request !== undefined) yield this.#request.transactionId
    yield* this.#balance.outstandingTransactionIds()
  }

  status(): UpdatesStatus {
    const { window } = this.#sender
    return {
      owed: this.#host.table.owedCount(this.#host.relationship.name),
      oldestOwedSince: this.#host.table.oldestOwedSince(this.#host.relationship.name),
      unacked: window.size,
      lastProgressAt: this.#lastProgressAt,
      oldestUnackedSince: earliest(window.oldestSentAt()),
      resync: this.#resync(),
    }
  }

  #receiveUpdate(step: Step, message: FailoverMessage): void {
    this.#lastProgressAt = step.now
    this.#dnsData.note(step, this.#host.relationship.name, message.options)
    const { reply, toTellAtOnce } = receiveUpdate(step, this.#host, message.options, (key) =>
      this.#sender.window.told(key),
    )
    if (reply === undefined) {
      this.#host.disconnect(step, StatusCode.MissingBindingInformation, 'a BNDUPD without a lease cannot be answered')
      return
    }
    if (this.#request !== undefined) this.#request = { ...this.#request, received: this.#request.received + 1 }
    if (this.#sender.window.size === 0 || !hasBug('crossing-update-unanswered')) {
      this.#host.send(step, MessageType.Bndreply, message.transactionId, reply)
    }
    for (const key of toTellAtOnce) this.#sender.enqueue(key)
    this.#pump(step)
  }

  #receiveReply(step: Step, message: FailoverMessage): void {
    const settled = this.#sender.receiveReply(step, message.transactionId, message.options)
    if (settled === undefined) return
    this.#lastProgressAt = step.now
    this.#balance.settled(step, settled)
    this.#pump(step)
  }

  #receiveUpdDone(step: Step, transactionId: number): void {
    if (this.#request?.transactionId !== transactionId) return
    this.#request = undefined
    this.#lastProgressAt = step.now
    this.#host.onUpdDone(step)
  }

  #pump(step: Step): void {
    this.#sender.pump(step)
    this.#balance.backlogMayBeSent(step)
  }

  #scans(): boolean {
    return mayTellUnasked(this.#host) || this.#host.state() === 'PARTNER-DOWN'
  }

  #resync(): UpdatesStatus['resync'] {
    if (this.#request !== undefined) return { direction: 'receiving', done: this.#request.received, total: undefined }
    const { dump } = this.#sender
    return dump === undefined ? undefined : { direction: 'sending', done: dump.done, total: dump.total }
  }
}
