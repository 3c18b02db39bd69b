/** The state machine of one endpoint: moves as the tables say, records each move, tells the partner (RFC 8156 section 8). */
import { hasBug } from '../deliberate-bug.ts'
import type { RelationshipConfiguration, Role } from '../configuration/configuration.ts'
import type { Step } from '../step.ts'
import { addSeconds, isDue, latest, type Instant } from '../time/instant.ts'
import { readState, stateOptions, withEarlierPartnerDown } from './connection/state-message.ts'
import { endOfWait, mcltOfNewPromises, withLaterFailure } from './earlier-mclt.ts'
import type { EndpointRecord, EndpointState, PartnerRecord, RecordedState } from './endpoint-record.ts'
import { isAlarming, stateTable } from './states/state-table.ts'
import type { MachineHost, Why } from './machine-host.ts'
import type { EnteredEndpoint } from './states/define-state.ts'
import {
  afterStartupAlone,
  beginStartup,
  resumeAfterStartup,
  startupRecord,
  type RunFacts,
  type StartFacts,
} from './startup.ts'
import {
  asksWhatIsMissing,
  nextOnUpdatesComplete,
  onAutoPartnerDown,
  onContactLost,
  onRecoverWaitEnded,
  resumeStateOf,
} from './transitions/contact-transitions.ts'
import { matrixInputs, nextOnPartnerState } from './transitions/partner-state-matrix.ts'
import type { Options } from '@tandem/protocol'

export class EndpointMachine implements EnteredEndpoint {
  readonly role: Role
  readonly #host: MachineHost
  readonly #relationship: RelationshipConfiguration
  #startedAt: Instant
  #record: EndpointRecord
  #isStartup = true
  #startupRecorded = false
  #partnerHeardSinceStart = false
  #contactLostAt: Instant | undefined
  /** When this process entered the present state; a restart resumes a state with its old beginning. */
  #enteredAt: Instant
  /** This server keeps away from the partner by itself, so time without contact says nothing of the partner. */
  #isAway = false
  #cameBackAt: Instant | undefined
  #updatesRequested = false
  /** The partner said at first contact that it never ran failover with us, and we have no record of it either. */
  #neverRan = false

  constructor(host: MachineHost, restored: EndpointRecord | undefined, facts: StartFacts) {
    this.#host = host
    this.#relationship = host.relationship
    this.role = host.relationship.role
    this.#startedAt = facts.startedAt
    this.#enteredAt = facts.startedAt
    this.#record = startupRecord(this.#relationship, restored, facts)
  }

  get record(): EndpointRecord {
    return this.#record
  }

  get state(): EndpointState {
    return this.#isStartup ? 'STARTUP' : this.#record.state
  }

  get stateSince(): Instant {
    return this.#isStartup ? this.#startedAt : this.#record.stateSince
  }

  communicationsOk(): boolean {
    return this.#host.communicationsOk()
  }

  /** The first thing of a start, whatever follows: a second start knows when the promises before this one ended. */
  begin(step: Step): void {
    if (!this.#startupRecorded) this.#put(step, this.#record)
  }

  stateOptions(): Options {
    return stateOptions(this.#record, this.#isStartup)
  }

  /** From when on we act alone; undefined: there is a partner to take care of. */
  partnerDownSince(): Instant | undefined {
    if (this.state !== 'PARTNER-DOWN' || this.isPartnerRecovering) return undefined
    return this.#record.partnerStoppedAt ?? this.#record.stateSince
  }

  /** Is an UPDREQ of ours open on the present connection? */
  get updatesRequested(): boolean {
    return this.#updatesRequested
  }

  /** For waits: the longest under which promises may have been made that still hold (decision 0024). */
  get mcltSeconds(): number {
    return Math.max(mcltOfNewPromises(this.#record, this.#relationship), this.#record.earlierMclt?.seconds ?? 0)
  }

  /** For promises, which must hold under either. */
  get mcltToPromiseSeconds(): number {
    const { mcltSeconds } = this.#record
    return this.role === 'primary' ? Math.min(mcltSeconds, this.#relationship.mcltSeconds) : mcltSeconds
  }

  /**
   * It was heard since it began to recover: it fetches, or has fetched, what we granted alone. What we grant from now on
   * it may never hear of, so that we are bound again as in COMMUNICATIONS-INTERRUPTED (decision 0030).
   */
  get isPartnerRecovering(): boolean {
    const partner = this.#record.partner?.state
    return partner === 'RECOVER' || partner === 'RECOVER-WAIT' || partner === 'RECOVER-DONE'
  }

  /** Nothing happens where the record is the present one. */
  keep(step: Step, record: EndpointRecord): void {
    if (record !== this.#record) this.#put(step, record)
  }

  /** False: not a usable STATE. */
  stateReceived(step: Step, options: Options, first: boolean): boolean {
    const partner = readState(options, step.now)
    if (partner === undefined) return false
    const toldBefore = this.#record.partner?.state
    this.#rememberPartner(step, partner, first)
    if (this.#isStartup) this.#leaveStartup(step, partner)
    // A flagged STATE moves nothing; the unflagged one follows at once (digest A18).
    if (!partner.startup || hasBug('startup-flag-followed')) this.#follow(step, partner, toldBefore)
    if (!partner.startup && this.#record.fullResyncOwed && asksWhatIsMissing.has(this.state)) this.requestUpdates(step)
    return true
  }

  connectionLost(step: Step, cause: string, wasOk: boolean): void {
    this.#updatesRequested = false
    if (!wasOk) return
    this.#contactLostAt = step.now
    this.#put(step, {
      ...this.#record,
      inContact: false,
      lastHeardFromPartnerAt: this.#host.lastHeardFromPartnerAt(),
    })
    const move = onContactLost[this.state]
    if (move !== undefined) this.#move(step, move.to, { cause, rule: move.rule, inputs: {} })
  }

  updatesComplete(step: Step): void {
    if (!this.#updatesRequested) return
    this.#updatesRequested = false
    if (this.#record.fullResyncOwed) this.#put(step, { ...this.#record, fullResyncOwed: false })
    const move = nextOnUpdatesComplete(this.state, this.role)
    if (move === undefined) return
    this.#move(step, move.to, { cause: 'The partner has told all that was asked for.', rule: move.rule, inputs: {} })
  }

  /** `downSince`: the waits count from then instead of from now (decision 0072). */
  declarePartnerDown(step: Step, why: Why, downSince: Instant | undefined): void {
    this.#move(step, 'PARTNER-DOWN', why, downSince)
  }

  /** All connections are gone and the clock has run on: begin again (RFC 8156 section 8.3). */
  timeGap(step: Step, from: Instant): void {
    if (hasBug('gap-ignored')) return
    const why = { cause: 'This server was suspended or stalled.', rule: 'RFC 8156 8.3', inputs: { gapFrom: from } }
    this.beginAgain(step, { ranUntil: from, lastCommitAt: from }, why)
  }

  /** As after a start: looks for its partner before it serves. There is no connection. */
  beginAgain(step: Step, facts: RunFacts, why: Why): void {
    const before = this.state
    // A start has recorded all that there is, and has nothing to lose before it ends.
    if (!this.#isStartup) {
      const lastHeardFromPartnerAt = this.#host.lastHeardFromPartnerAt()
      const alone = { ...this.#record, inContact: false, lastHeardFromPartnerAt }
      this.#put(step, beginStartup(alone, this.role, facts))
    }
    this.#isStartup = true
    this.#startedAt = step.now
    this.#partnerHeardSinceStart = false
    this.#updatesRequested = false
    if (before !== 'STARTUP') this.#tell(step, before, 'STARTUP', why)
  }

  /** RECOVER-WAIT counts from no earlier than this (decision 0030). */
  mayHavePromised(step: Step, ackedUntil: Instant): void {
    if (ackedUntil <= (this.#record.timeOfFailure ?? this.#startedAt)) return
    this.#put(step, withLaterFailure(this.#record, step.now, ackedUntil))
  }

  leave(): void {
    this.#isAway = true
  }

  /** `at`: from when on the partner may be heard. */
  comeBack(at: Instant): void {
    this.#isAway = false
    this.#cameBackAt = at
  }

  runDeadlines(step: Step): void {
    if (isDue(this.#record.earlierMclt?.until, step.now)) this.#put(step, { ...this.#record, earlierMclt: undefined })
    if (isDue(this.startupEndsAt(), step.now)) this.#endStartupAlone(step)
    this.endRecoverWaitIfDue(step)
    const autoAt = this.autoPartnerDownAt()
    if (autoAt !== undefined && autoAt <= step.now) {
      const seconds = this.#relationship.autoPartnerDownSeconds ?? 0
      const cause = `The partner was out of contact for ${seconds} seconds.`
      this.#move(step, onAutoPartnerDown.to, { cause, rule: onAutoPartnerDown.rule, inputs: { seconds } })
    }
  }

  nextDeadline(): readonly (Instant | undefined)[] {
    const record = this.#startupRecorded ? undefined : this.#startedAt
    const earlierMcltUntil = this.#record.earlierMclt?.until
    return [record, this.startupEndsAt(), this.recoverWaitEndsAt(), this.autoPartnerDownAt(), earlierMcltUntil]
  }

  startupEndsAt(): Instant | undefined {
    if (!this.#isStartup || this.#isAway) return undefined
    return addSeconds(latest(this.#startedAt, this.#cameBackAt), this.#relationship.startupSeconds)
  }

  /**
   * TIME-OF-FAILURE + MCLT, not entry + MCLT (RFC 8156 section 8.6.2). A server that fails while it answers nobody, as in
   * POTENTIAL-CONFLICT, has its last promise between the failure before and this one.
   */
  recoverWaitEndsAt(): Instant | undefined {
    if (this.state !== 'RECOVER-WAIT') return undefined
    if (hasBug('recover-wait-skipped')) return this.#enteredAt
    const { timeOfFailure, lastPromiseAt, earlierMclt } = this.#record
    const since = latest(timeOfFailure ?? this.#startedAt, lastPromiseAt)
    return endOfWait(since, mcltOfNewPromises(this.#record, this.#relationship), earlierMclt)
  }

  /** A STATE came: until then the partner may have declared this server down and served alone (decision 0071). */
  get partnerHeardSinceStart(): boolean {
    return this.#partnerHeardSinceStart
  }

  /** Runs only while there is no contact (RFC 8156 section 8.9, digest 10.10), and not before there was one (decision 0071). */
  autoPartnerDownAt(): Instant | undefined {
    const seconds = this.#relationship.autoPartnerDownSeconds
    if (seconds === undefined || this.#isAway || !this.#partnerHeardSinceStart) return undefined
    if (this.state !== 'COMMUNICATIONS-INTERRUPTED' || this.communicationsOk()) return undefined
    return addSeconds(latest(this.#enteredAt, this.#contactLostAt, this.#cameBackAt), seconds)
  }

  flushUpdates(step: Step): void {
    if (this.communicationsOk()) this.#host.flushUpdates(step)
  }

  requestUpdates(step: Step): void {
    if (this.#updatesRequested) return
    this.#updatesRequested = true
    this.#host.requestUpdates(step, this.#record.fullResyncOwed && !hasBug('part-recovery-after-loss'))
  }

  endRecoverWaitIfDue(step: Step): void {
    const endsAt = this.recoverWaitEndsAt()
    if (endsAt === undefined || (endsAt > step.now && !this.#neverRan)) return
    const cause = this.#neverRan
      ? 'The partner has never run failover with this server, so no promise is outstanding.'
      : 'What this server may have promised before it failed has run out.'
    this.#move(step, onRecoverWaitEnded.to, { cause, rule: onRecoverWaitEnded.rule, inputs: { endsAt } })
    const partner = this.#record.partner
    if (this.communicationsOk() && partner !== undefined && !partner.startup) this.#follow(step, partner)
  }

  #rememberPartner(step: Step, partner: PartnerRecord, first: boolean): void {
    const before = this.#record
    this.#partnerHeardSinceStart = true
    // Judged by the first STATE of a connection: after it both sides set the flag (digest A29).
    const lostStorage = first && !before.communicated && partner.communicated
    if (first && !before.communicated && !partner.communicated) this.#neverRan = true
    this.#put(step, {
      ...before,
      partner: withEarlierPartnerDown(before.partner, partner),
      communicated: true,
      lastHeardFromPartnerAt: step.now,
      inContact: true,
      fullResyncOwed: before.fullResyncOwed || lostStorage,
    })
    if (before.partner?.state === partner.state) return
    step.notice({
      kind: 'partner-state-changed',
      relationship: before.relationship,
      from: before.partner?.state,
      to: partner.state,
    })
  }

  /** Obey the matrix; after a move that the partner caused only requests follow, never a second move. */
  #follow(step: Step, partner: PartnerRecord, toldBefore?: RecordedState): void {
    const own = this.state
    const next = nextOnPartnerState(own, partner.state, this.role)
    const why: Why = { cause: `The partner is in ${partner.state}.`, rule: next.rule, inputs: matrixInputs(partner) }
    switch (next.kind) {
      case 'stay':
        break
      case 'request-updates':
        this.requestUpdates(step)
        break
      case 'to':
        this.#move(step, next.state, why)
        this.#requestIfAsked(step, partner)
        break
      case 'via-communications-interrupted':
        this.#passThroughInterrupted(step, partner, why, toldBefore)
        break
      case 'resume':
      case 'resume-or-recover':
        throw new Error('STARTUP has been left before the matrix is followed')
    }
  }

  /**
   * A state left again in the same step is not sent: two servers would go on answering each other's echo. Where the way
   * leads back to the present state, nothing moved: the partner hears it again and is sent what it is owed, unless its
   * COMMUNICATIONS-INTERRUPTED is only on the way to NORMAL: then the NORMAL that we told is still on its way to it.
   */
  #passThroughInterrupted(step: Step, partner: PartnerRecord, why: Why, toldBefore: RecordedState | undefined): void {
    const next = nextOnPartnerState('COMMUNICATIONS-INTERRUPTED', partner.state, this.role)
    if (next.kind === 'to' && next.state === this.state) {
      if (partner.state === 'COMMUNICATIONS-INTERRUPTED' && toldBefore !== this.state) return
      this.#host.sendState(step)
      stateTable[next.state].enter?.(this, step)
      return
    }
    this.#enter(step, 'COMMUNICATIONS-INTERRUPTED', why)
    if (next.kind === 'to') this.#move(step, next.state, { ...why, rule: next.rule })
    else this.#host.sendState(step)
    this.#requestIfAsked(step, partner)
  }

  #requestIfAsked(step: Step, partner: PartnerRecord): void {
    if (nextOnPartnerState(this.state, partner.state, this.role).kind === 'request-updates') this.requestUpdates(step)
  }

  #leaveStartup(step: Step, partner: PartnerRecord): void {
    const next = nextOnPartnerState('STARTUP', partner.state, this.role)
    const to =
      next.kind === 'resume-or-recover' ? resumeAfterStartup(this.#record, partner) : resumeStateOf(this.#record.state)
    this.#move(step, to, { cause: 'The partner has been heard.', rule: next.rule, inputs: matrixInputs(partner) })
  }

  #endStartupAlone(step: Step): void {
    const { to, ...why } = afterStartupAlone(this.#record, this.#relationship)
    this.#move(step, to, why)
  }

  #move(step: Step, to: RecordedState, why: Why, partnerStoppedAt?: Instant): void {
    this.#enter(step, to, why, partnerStoppedAt)
    if (!hasBug('state-not-announced')) this.#host.sendState(step)
    stateTable[to].enter?.(this, step)
  }

  #enter(step: Step, to: RecordedState, why: Why, partnerStoppedAt?: Instant): void {
    const from = this.state
    const isResumed = this.#isStartup && this.#record.state === to
    const promises = stateTable[to].policy.answers[this.role] !== 'nobody'
    const promised = stateTable[from].policy.answers[this.role] !== 'nobody'
    this.#isStartup = false
    this.#enteredAt = step.now
    // What was asked for to recover is no answer to a conflict: it ends no wait there, and is asked for anew.
    if (to === 'POTENTIAL-CONFLICT') this.#updatesRequested = false
    // Whoever has promised something once has to wait for it in the next recovery.
    if (promises) this.#neverRan = false
    this.#put(step, {
      ...this.#record,
      state: to,
      previousState: this.#record.state === to ? this.#record.previousState : this.#record.state,
      stateSince: isResumed ? this.#record.stateSince : step.now,
      partnerStoppedAt: isResumed ? this.#record.partnerStoppedAt : partnerStoppedAt,
      lastHeardFromPartnerAt: this.#host.lastHeardFromPartnerAt(),
      lastPromiseAt: promises ? undefined : promised ? step.now : this.#record.lastPromiseAt,
    })
    this.#tell(step, from, to, why)
  }

  #tell(step: Step, from: EndpointState, to: EndpointState, why: Why): void {
    const relationship = this.#relationship.name
    const { cause, rule, inputs, operator } = why
    step.addRecord({
      kind: 'transition-added',
      transition: { relationship, at: step.now, from, to, cause, rule, inputs, operator },
    })
    const alarm = isAlarming(from, to, this.communicationsOk())
    step.notice({ kind: 'failover-state-changed', relationship, from, to, cause, rule, alarm })
  }

  #put(step: Step, record: EndpointRecord): void {
    const isMove = this.#record.state !== record.state
    this.#record = record
    this.#startupRecorded = true
    if (!(isMove && hasBug('state-not-recorded'))) step.putEndpoint(record)
  }
}
