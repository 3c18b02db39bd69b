/** One endpoint: partner, relationship and own role (RFC 8156 section 6.2). Ties state machine, link and updates together. */
import {
  clientDataOption,
  clientIdOption,
  findOption,
  MessageType,
  StatusCode,
  type ClientServerMessage,
  type Duid,
  type FailoverMessage,
  type FailoverMessageType,
  type Options,
} from '@tandem/protocol'
import type { Pools } from '../allocation/pools.ts'
import type { Binding } from '../bindings/binding.ts'
import type { BindingTable } from '../bindings/binding-table.ts'
import type { RelationshipConfiguration, Role } from '../configuration/configuration.ts'
import type { RelationshipSnapshot } from '../snapshot.ts'
import type { DatagramReceived } from '../events.ts'
import type { Step } from '../step.ts'
import { addSeconds, earliest, latest, type Instant } from '../time/instant.ts'
import type { Extensions } from './connection/extensions.ts'
import { firstStateWithinSeconds } from './connection/first-state.ts'
import { PartnerLink } from './connection/partner-link.ts'
import { TransactionIds } from './connection/transaction-ids.ts'
import type { Updates, UpdatesHost } from './endpoint.ts'
import { mcltToAnnounce, withAgreedMclt, withRememberedMclt, type PromisedBefore } from './earlier-mclt.ts'
import { EndpointMachine } from './endpoint-machine.ts'
import type { EndpointRecord, EndpointState } from './endpoint-record.ts'
import { ReservationAgreement, type ReservationRecord } from './reservation-agreement.ts'
import { HandOver } from './hand-over.ts'
import { LeftQuestions } from './left-questions.ts'
import type { LeftQuestion } from './service-policy.ts'
import { lastHeardBefore, type StartFacts } from './startup.ts'
import { digestOf } from './text-digest.ts'
import { UnansweredClients } from './unanswered-clients.ts'
import { mayTellUnasked } from './updates/send-updates.ts'

export interface EndpointOptions {
  readonly relationship: RelationshipConfiguration
  readonly table: BindingTable
  readonly pools: Pools
  readonly restored: EndpointRecord | undefined
  readonly restoredReservations: ReservationRecord | undefined
  readonly facts: StartFacts
  readonly createUpdates: (host: UpdatesHost) => Updates
}

export class RelationshipEndpoint implements UpdatesHost {
  readonly relationship: RelationshipConfiguration
  readonly role: Role
  readonly table: BindingTable
  readonly pools: Pools
  readonly link: PartnerLink
  readonly machine: EndpointMachine
  readonly updates: Updates
  readonly agreement: ReservationAgreement
  readonly handOver: HandOver
  readonly unansweredClients: UnansweredClients
  readonly #leftQuestions = new LeftQuestions()
  readonly #transactionIds: TransactionIds
  #updatesRequestedAt: Instant | undefined
  #isShuttingDown = false
  #blind: RelationshipSnapshot['blind']

  constructor(options: EndpointOptions) {
    this.relationship = options.relationship
    this.role = options.relationship.role
    this.table = options.table
    this.pools = options.pools
    this.agreement = new ReservationAgreement({
      relationship: this.relationship.name,
      role: this.role,
      pools: this.pools,
      table: this.table,
      restored: options.restoredReservations,
      isFirstStart: options.restored === undefined,
      sharedAddresses: this.#sharedAddresses(),
      mcltSeconds: () => this.mcltSeconds(),
    })
    this.unansweredClients = new UnansweredClients({
      relationship: this.relationship.name,
      afterSeconds: this.relationship.unansweredClientSeconds,
      alarmAt: this.relationship.unansweredClientsAlarm,
    })
    this.#transactionIds = new TransactionIds(() => this.#outstanding())
    this.link = new PartnerLink(
      {
        relationship: this.relationship,
        nextTransactionId: () => this.nextTransactionId(),
        extensions: () => this.extensions(),
        partnerExtends: (step, extensions) => this.#partnerExtends(step, extensions),
        adoptMclt: (step, seconds) => {
          const before = this.#promisedBefore(step.now)
          this.machine.keep(step, withAgreedMclt(this.machine.record, seconds, before))
        },
        firstStateWithinSeconds: () => firstStateWithinSeconds(this.machine.state, this.relationship),
        stateOptions: () => this.machine.stateOptions(),
        stateReceived: (step, stateOptions, first) => this.machine.stateReceived(step, stateOptions, first),
        updateReceived: (step, message) => this.#updateReceived(step, message),
        connectionLost: (step, cause, wasOk) => this.#connectionLost(step, cause, wasOk),
      },
      options.facts.startedAt,
      lastHeardBefore(options.restored, options.facts),
    )
    this.machine = new EndpointMachine(
      {
        relationship: this.relationship,
        communicationsOk: () => this.communicationsOk(),
        lastHeardFromPartnerAt: () => this.link.lastHeardAt,
        sendState: (step) => this.link.sendState(step),
        flushUpdates: (step) => this.updates.enteredNormal(step),
        requestUpdates: (step, all) => this.#requestUpdates(step, all),
      },
      options.restored,
      options.facts,
    )
    this.updates = options.createUpdates(this)
    this.handOver = new HandOver({
      relationship: this.relationship,
      machine: this.machine,
      link: this.link,
      isBlind: () => this.#blind !== undefined,
      tellOwed: (step) => this.tellOwed(step),
      owed: () => this.updates.status().owed,
    })
  }

  get isShuttingDown(): boolean {
    return this.#isShuttingDown
  }

  /** Since when and why this server keeps away from the partner, hearing no client; undefined: it does not. */
  get blind(): RelationshipSnapshot['blind'] {
    return this.#blind
  }

  state(): EndpointState {
    return this.machine.state
  }

  mcltSeconds(): number {
    return this.machine.mcltSeconds
  }

  communicationsOk(): boolean {
    return this.link.communicationsOk()
  }

  partnerMaxUnacked(): number {
    return this.link.partnerMaxUnacked()
  }

  partnerDownSince(): Instant | undefined {
    return this.machine.partnerDownSince()
  }

  /** In RECOVER nobody is answered, so that nothing of ours can be newer (decision 0070). */
  believesPartner(): boolean {
    const { fullResyncOwed, lastPromiseAt } = this.machine.record
    // Where it has served since then, by force, what it granted is on its own record only (decision 0071).
    return this.machine.state === 'RECOVER' && fullResyncOwed && lastPromiseAt === undefined
  }

  mayHavePromised(step: Step, ackedUntil: Instant): void {
    this.machine.mayHavePromised(step, ackedUntil)
  }

  /** What is announced beyond RFC 8156 (decision 0076). */
  extensions(): Extensions {
    return {
      reservations: this.agreement.announcement(),
      sharedAddresses: this.#sharedAddresses(),
      earlierMcltSeconds: mcltToAnnounce(this.machine.record, this.relationship),
    }
  }

  /** A POOLREQ follows all that a secondary owed (RFC 8156 section 8.8). */
  partnerBacklogReceived(step: Step): void {
    this.agreement.settleSharing(step)
  }

  partnerMayHaveForgotten(): boolean {
    const partner = this.machine.record.partner?.state
    return partner === 'RECOVER' || partner === 'RECOVER-WAIT'
  }

  /** Once it is declared down it promises nothing: a client that gives its lease back after that holds none. */
  partnerMayHavePromised({ status, statusSince }: Binding): boolean {
    if (!this.partnerMayHaveForgotten()) return false
    const { partnerStoppedAt, stateSince } = this.machine.record
    const isGivenBackToUsAlone = status === 'RELEASED' && statusSince > (partnerStoppedAt ?? stateSince)
    return !(this.state() === 'PARTNER-DOWN' && isGivenBackToUsAlone)
  }

  partnerWaits(): boolean {
    const partner = this.machine.record.partner?.state
    return this.state() === 'PARTNER-DOWN' && (partner === 'RECOVER-WAIT' || partner === 'RECOVER-DONE')
  }

  nextTransactionId(): number {
    return this.#transactionIds.next()
  }

  send(step: Step, type: FailoverMessageType, transactionId: number, options: Options): void {
    this.link.send(step, type, transactionId, options)
  }

  disconnect(step: Step, statusCode: number, text: string): void {
    this.link.disconnect(step, statusCode, text)
  }

  onUpdDone(step: Step): void {
    this.#updatesRequestedAt = undefined
    this.machine.updatesComplete(step)
  }

  receive(step: Step, message: FailoverMessage | ClientServerMessage, arrivedAt: Instant): void {
    this.link.receive(step, message, arrivedAt)
    this.handOver.goOn(step)
  }

  announce(step: Step, changed: readonly Binding[]): void {
    this.updates.announce(step, changed)
  }

  runDeadlines(step: Step): void {
    if (this.#isShuttingDown) return
    this.machine.runDeadlines(step)
    this.link.runDeadlines(step)
    this.#dropIfStalled(step)
    if (this.#hasOutlivedUntold(step.now)) this.agreement.settleSharing(step)
    this.updates.runDeadlines(step)
    this.unansweredClients.runDeadlines(step)
    this.handOver.goOn(step)
  }

  nextDeadline(): Instant | undefined {
    if (this.#isShuttingDown) return undefined
    return earliest(
      ...this.machine.nextDeadline(),
      this.link.nextDeadline(),
      this.upddoneStallAt(),
      this.acknowledgementStallAt(),
      this.updates.nextDeadline(),
      this.unansweredClients.nextDeadline(),
      this.handOver.nextDeadline(),
    )
  }

  timeGap(step: Step, from: Instant): void {
    this.machine.timeGap(step, from)
    this.link.timeGap(step)
  }

  /** This server hears no client: it keeps away from the partner, which then serves. */
  leave(step: Step, reason: string): void {
    this.#blind = { since: step.now, because: reason }
    this.machine.leave()
    this.link.leave(step, StatusCode.UnspecFail, reason)
  }

  comeBack(step: Step): void {
    this.#blind = undefined
    if (this.handOver.record !== undefined) return
    this.machine.comeBack(step.now)
    this.link.comeBack(step)
  }

  /** What the periodic scan has not yet looked at goes now, as far as the window allows. */
  tellOwed(step: Step): void {
    this.updates.tellOwed(step)
  }

  /** The partner has acknowledged everything, or cannot be told. */
  isDrained(): boolean {
    return !this.communicationsOk() || !mayTellUnasked(this) || this.updates.status().owed === 0
  }

  shutDown(step: Step): void {
    this.handOver.shutDown(step)
    this.link.shutDown(step)
    this.#isShuttingDown = true
  }

  /** Neither UPDDONE nor BNDUPD for so long (RFC 8156 section 8.5.2). */
  upddoneStallAt(): Instant | undefined {
    if (this.#updatesRequestedAt === undefined || !this.communicationsOk()) return undefined
    const progressAt = latest(this.#updatesRequestedAt, this.updates.status().lastProgressAt)
    return addSeconds(progressAt, this.relationship.upddoneStallSeconds)
  }

  /** Updates wait and no acknowledgement comes (RFC 8156 section 8.8.2). */
  acknowledgementStallAt(): Instant | undefined {
    const seconds = this.relationship.acknowledgementStallSeconds
    if (seconds === undefined || this.state() !== 'NORMAL' || !this.communicationsOk()) return undefined
    const { oldestUnackedSince, lastProgressAt } = this.updates.status()
    return oldestUnackedSince === undefined
      ? undefined
      : addSeconds(latest(oldestUnackedSince, lastProgressAt), seconds)
  }

  /** A question of a client that only the primary may answer now. */
  leftToPrimary(step: Step, { client, elapsedMs, event }: LeftQuestion): void {
    if (this.role !== 'secondary' || this.state() !== 'NORMAL' || !this.communicationsOk()) return
    this.#leftQuestions.add(client, event, step.now)
    this.unansweredClients.heard(step, client, elapsedMs)
  }

  /** What was left to the primary a moment ago, where contact has ended in this step. */
  takeLeftQuestions(now: Instant): readonly DatagramReceived[] {
    if (this.#leftQuestions.isEmpty || this.state() === 'NORMAL') return []
    if (this.state() === 'COMMUNICATIONS-INTERRUPTED') return this.#leftQuestions.take(now)
    this.#leftQuestions.forgetAll()
    return []
  }

  #updateReceived(step: Step, message: FailoverMessage): void {
    const client = message.type === MessageType.Bndupd ? clientOf(message) : undefined
    if (client !== undefined) {
      this.unansweredClients.answered(step, client)
      this.#leftQuestions.answered(client)
    }
    this.updates.receive(step, message)
  }

  #partnerExtends(step: Step, { reservations, earlierMcltSeconds }: Extensions): void {
    this.agreement.partnerAnnounced(step, reservations)
    if (earlierMcltSeconds === undefined) return
    const before = this.#promisedBefore(step.now)
    this.machine.keep(step, withRememberedMclt(this.machine.record, earlierMcltSeconds, before))
  }

  #promisedBefore(now: Instant): PromisedBefore {
    let acknowledgedUntil: Instant | undefined
    for (const { relationship, ackedPartnerLifetime, expirationTime } of this.table.all()) {
      if (relationship !== this.relationship.name) continue
      acknowledgedUntil = latest(now, acknowledgedUntil, ackedPartnerLifetime, expirationTime)
    }
    return { now, acknowledgedUntil }
  }

  #sharedAddresses(): string | undefined {
    const shared = this.pools.balancedBy(this.relationship.name).filter(({ kind }) => kind === 'address')
    const ids = shared.map(({ id }) => id).toSorted()
    return ids.length === 0 ? undefined : digestOf(ids.join('\n'))
  }

  /** What the partner could not tell lasts MCLT: from the declaration that it is down, or while it tells us in NORMAL. */
  #hasOutlivedUntold(now: Instant): boolean {
    const isTold = this.role === 'secondary' && this.state() === 'NORMAL' && this.communicationsOk()
    const since = isTold ? this.machine.stateSince : this.partnerDownSince()
    return since !== undefined && addSeconds(since, this.mcltSeconds()) <= now
  }

  #requestUpdates(step: Step, all: boolean): void {
    this.#updatesRequestedAt = step.now
    this.updates.requestUpdates(step, all)
  }

  #connectionLost(step: Step, cause: string, wasOk: boolean): void {
    this.#updatesRequestedAt = undefined
    this.unansweredClients.forgetAll(step)
    this.updates.connectionLost(step)
    this.machine.connectionLost(step, cause, wasOk)
    this.handOver.goOn(step)
  }

  /** A new connection begins everything anew, and its loss moves NORMAL to COMMUNICATIONS-INTERRUPTED. */
  #dropIfStalled(step: Step): void {
    const upddoneAt = this.upddoneStallAt()
    if (upddoneAt !== undefined && upddoneAt <= step.now) {
      const seconds = this.relationship.upddoneStallSeconds
      this.link.drop(step, `The partner sent neither UPDDONE nor an update for ${seconds} seconds.`)
      return
    }
    const acknowledgementAt = this.acknowledgementStallAt()
    if (acknowledgementAt !== undefined && acknowledgementAt <= step.now) {
      const seconds = this.relationship.acknowledgementStallSeconds ?? 0
      this.link.drop(step, `The partner acknowledged no update for ${seconds} seconds.`)
    }
  }

  *#outstanding(): Generator<number> {
    const ofLink = this.link.outstandingTransactionId()
    if (ofLink !== undefined) yield ofLink
    yield* this.updates.outstandingTransactionIds()
  }
}

function clientOf({ options }: FailoverMessage): Duid | undefined {
  const data = findOption(options, clientDataOption)
  return data === undefined ? undefined : findOption(data, clientIdOption)
}
