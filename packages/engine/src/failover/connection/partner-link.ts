/** The way to one partner: dialling, the present connection, its handshake, timers and end (RFC 8156 sections 6 and 6.6). */
import {
  findOption,
  MessageType,
  messageTypeName,
  StatusCode,
  statusCodeName,
  statusCodeOption,
  type ClientServerMessage,
  type FailoverMessage,
  type FailoverMessageType,
  type Options,
} from '@tandem/protocol'
import type { RelationshipConfiguration } from '../../configuration/configuration.ts'
import type { ConnectionChanged } from '../../notices.ts'
import type { RelationshipSnapshot } from '../../snapshot.ts'
import type { Step } from '../../step.ts'
import { earliest, isDue, type Instant } from '../../time/instant.ts'
import { CLOCK_SKEW_SECONDS_MAX, isExcessiveSkew, skewSeconds } from './clock-skew.ts'
import { checkConnectReply, connectOptions, connectReplyOptions, type ConnectOffer } from './connect-offer.ts'
import { readExtensions, type Extensions } from './extensions.ts'
import { Dialler } from './dialler.ts'
import { handshakeEndsAt } from './first-state.ts'
import type { PartnerConnection } from './partner-connection.ts'
import { disconnectSentence, endSentence, refusalSentence } from './partner-words.ts'

/** What the link asks of its endpoint. */
export interface LinkHost {
  readonly relationship: RelationshipConfiguration
  nextTransactionId(): number
  /** Both keep the primary's MCLT from then on (RFC 8156 section 6.1.2). */
  adoptMclt(step: Step, mcltSeconds: number): void
  /** What we announce beyond RFC 8156, and what the partner did, before anything else is said. */
  extensions(): Extensions
  partnerExtends(step: Step, extensions: Extensions): void
  /** See first-state.ts. */
  firstStateWithinSeconds(): number | undefined
  /** The present STATE of this endpoint. */
  stateOptions(): Options
  /** False: the message is not a usable STATE. `first`: communications have just become OK. */
  stateReceived(step: Step, options: Options, first: boolean): boolean
  updateReceived(step: Step, message: FailoverMessage): void
  /** An agreed connection is gone; `wasOk`: communications were OK. */
  connectionLost(step: Step, cause: string, wasOk: boolean): void
}

type Retry = 'soon' | 'later'

export class PartnerLink {
  readonly #host: LinkHost
  readonly #dialler: Dialler
  #connection: PartnerConnection | undefined
  #idleSince: Instant
  #lastProblem: string | undefined
  #lastHeardAt: Instant | undefined
  #clockSkewMs: number | undefined

  constructor(host: LinkHost, startedAt: Instant, lastHeardAt: Instant | undefined) {
    this.#host = host
    this.#idleSince = startedAt
    this.#lastHeardAt = lastHeardAt
    this.#dialler = new Dialler(host.relationship, startedAt)
  }

  get connection(): PartnerConnection | undefined {
    return this.#connection
  }

  get lastHeardAt(): Instant | undefined {
    return this.#lastHeardAt
  }

  get clockSkewMs(): number | undefined {
    return this.#connection?.skew.averageMs ?? this.#clockSkewMs
  }

  get redialAt(): Instant | undefined {
    return this.#dialler.dueAt
  }

  communicationsOk(): boolean {
    return this.#connection?.stage === 'established'
  }

  partnerMaxUnacked(): number {
    const connection = this.#connection
    return connection?.isAgreed() === true ? (connection.offer?.maxUnackedUpdates ?? 0) : 0
  }

  view(): RelationshipSnapshot['connection'] {
    const connection = this.#connection
    return {
      phase: connection === undefined ? this.#dialler.phase() : connection.phase(),
      since: connection?.stageSince ?? this.#idleSince,
      secured: connection?.secured === true,
      lastProblem: this.#lastProblem,
    }
  }

  /** Of the messages that the link itself has open. */
  outstandingTransactionId(): number | undefined {
    return this.#connection?.handshakeTransactionId
  }

  /** Say good-bye, and neither dial nor be dialled until `comeBack`. */
  leave(step: Step, statusCode: number, reason: string): void {
    this.stayAway()
    if (this.#connection?.isAgreed() === true) this.disconnect(step, statusCode, reason)
    else this.#fail(step, reason)
  }

  stayAway(): void {
    this.#dialler.hold()
  }

  comeBack(step: Step): void {
    this.#dialler.release(step.now)
  }

  /** A connection that we dialled stands. */
  opened(step: Step, connection: PartnerConnection): void {
    const isUnwanted = this.#dialler.isHeld || this.#connection !== undefined
    this.#dialler.stop()
    if (isUnwanted) {
      connection.close(step, 'No further connection is wanted now.')
      return
    }
    this.#connection = connection
    if (this.#host.relationship.transport === 'insecure') {
      this.#sendConnect(step, connection)
      return
    }
    connection.handshakeTransactionId = this.#host.nextTransactionId()
    connection.enter('awaiting-starttls-reply', step.now)
    connection.sendPlain(step, MessageType.StartTls, connection.handshakeTransactionId, [])
  }

  dialFailed(step: Step, reason: string): void {
    if (this.#connection !== undefined) return
    this.noteProblem(step, 'dial-failed', reason)
    this.#dialler.retry(step.now, false)
  }

  /** TLS stands on the connection that we dialled. */
  secured(step: Step): void {
    const connection = this.#connection
    if (connection?.stage !== 'securing') return
    connection.secured = true
    this.#sendConnect(step, connection)
  }

  /** An accepted connection whose CONNECT is in order: answer it and make it the present one (digest A26). */
  adopt(step: Step, connection: PartnerConnection, connect: FailoverMessage, offer: ConnectOffer): void {
    const before = this.#connection
    if (before !== undefined) {
      before.close(step, 'The partner has connected anew.')
      this.#lost(step, 'The partner has connected anew.', 'soon')
    }
    this.#connection = connection
    connection.agree(this.#host.relationship, offer, step.now)
    this.#host.adoptMclt(step, offer.mcltSeconds)
    this.#host.partnerExtends(step, readExtensions(connect.options))
    const { relationship } = this.#host
    const options = connectReplyOptions(relationship, offer.mcltSeconds, this.#host.extensions())
    connection.send(step, MessageType.Connectreply, connect.transactionId, options)
    this.sendState(step)
  }

  receive(step: Step, message: FailoverMessage | ClientServerMessage, arrivedAt: Instant): void {
    const connection = this.#connection
    if (connection === undefined) return
    this.#heard(connection, arrivedAt)
    if (message.kind === 'client-server') this.#receivePlain(step, connection, message)
    else if (this.#checkSkew(step, connection, message, arrivedAt)) this.#receiveFailover(step, connection, message)
  }

  /** A frame that cannot be read. The stream itself is in order, so only what must not be missed ends it. */
  receivedMalformed(step: Step, messageType: number | undefined, arrivedAt: Instant): void {
    const connection = this.#connection
    if (connection === undefined) return
    this.#heard(connection, arrivedAt)
    if (!connection.isAgreed()) this.#fail(step, 'The partner sent an unreadable message during the handshake.')
    else if (messageType === MessageType.State) {
      this.disconnect(step, StatusCode.UnspecFail, 'A STATE message cannot be read.')
    }
  }

  closed(step: Step, reason: string): void {
    const connection = this.#connection
    if (connection === undefined) return
    const why = endSentence(connection, reason)
    connection.enter('closed', step.now)
    this.#lost(step, why, 'soon')
  }

  send(step: Step, type: FailoverMessageType, transactionId: number, options: Options): void {
    const connection = this.#connection
    if (connection?.isAgreed() !== true || connection.send(step, type, transactionId, options)) return
    this.disconnect(step, StatusCode.UnspecFail, `${messageTypeName(type)} would not fit a frame.`)
  }

  /** On every change of state, and first of all on an agreed connection (RFC 8156 section 6.3). */
  sendState(step: Step): void {
    const connection = this.#connection
    if (connection?.isAgreed() !== true) return
    connection.send(step, MessageType.State, this.#host.nextTransactionId(), this.#host.stateOptions())
    connection.stateSent = true
  }

  disconnect(step: Step, statusCode: number, text: string): void {
    const connection = this.#connection
    if (connection === undefined) return
    connection.disconnect(step, this.#host.nextTransactionId(), statusCode, text)
    this.#lost(step, `${statusCodeName(statusCode)}: ${text}`, 'later')
  }

  /** Close without a word and try again soon. */
  drop(step: Step, reason: string): void {
    this.#fail(step, reason)
  }

  runDeadlines(step: Step): void {
    const connection = this.#connection
    if (connection === undefined) {
      if (this.#dialler.dialIfDue(step)) this.#idleSince = step.now
    } else if (isDue(handshakeEndsAt(connection, this.#host.firstStateWithinSeconds()), step.now)) {
      this.#fail(step, 'The handshake took too long.')
    } else if (isDue(connection.keepalive?.deadAt(), step.now)) {
      const seconds = this.#host.relationship.keepaliveSeconds
      this.#fail(step, `Nothing was heard from the partner for ${seconds} seconds.`)
    } else if (isDue(connection.keepalive?.contactDueAt(), step.now)) {
      connection.send(step, MessageType.Contact, this.#host.nextTransactionId(), [])
    }
  }

  nextDeadline(): Instant | undefined {
    const connection = this.#connection
    if (connection === undefined) return this.#dialler.dueAt
    const endsAt = handshakeEndsAt(connection, this.#host.firstStateWithinSeconds())
    return earliest(endsAt, connection.keepalive?.deadAt(), connection.keepalive?.contactDueAt())
  }

  /** The process slept: the adapter has closed everything. */
  timeGap(step: Step): void {
    if (this.#connection !== undefined) {
      this.#connection.enter('closed', step.now)
      this.#lost(step, 'This server was suspended or stalled.', 'soon')
    }
    this.#dialler.dialAt(step.now)
  }

  /** Say good-bye and never dial again. */
  shutDown(step: Step): void {
    const connection = this.#connection
    const text = 'The server is being shut down.'
    if (connection?.isAgreed() !== true) connection?.close(step, text)
    else connection.disconnect(step, this.#host.nextTransactionId(), StatusCode.ServerShuttingDown, text)
    this.#connection = undefined
    this.#dialler.stop()
  }

  noteProblem(step: Step, change: 'lost' | 'refused' | 'dial-failed', detail: string): void {
    this.#lastProblem = detail
    this.#noteChange(step, change, detail)
  }

  #noteChange(step: Step, change: ConnectionChanged['change'], detail: string): void {
    step.notice({ kind: 'connection-changed', relationship: this.#host.relationship.name, change, detail })
  }

  #receivePlain(step: Step, connection: PartnerConnection, message: ClientServerMessage): void {
    const expected =
      connection.stage === 'awaiting-starttls-reply' &&
      message.type === MessageType.Reply &&
      message.transactionId === connection.handshakeTransactionId
    if (!expected) {
      this.#fail(step, `The partner sent ${messageTypeName(message.type)} out of turn.`)
      return
    }
    const status = findOption(message.options, statusCodeOption)
    if (status !== undefined && status.code !== StatusCode.Success) {
      this.#refused(step, refusalSentence(status, 'TLS'))
      return
    }
    connection.handshakeTransactionId = undefined
    connection.enter('securing', step.now)
    const relationship = this.#host.relationship.name
    step.output({ kind: 'secure-stream', connection: connection.id, as: 'client', relationship })
  }

  #receiveFailover(step: Step, connection: PartnerConnection, message: FailoverMessage): void {
    if (message.type === MessageType.Disconnect) this.#receiveDisconnect(step, connection, message)
    else if (connection.isAgreed()) this.#receiveAgreed(step, connection, message)
    else if (connection.stage === 'awaiting-connect-reply' && message.type === MessageType.Connectreply) {
      this.#receiveConnectReply(step, connection, message)
    } else this.#fail(step, `The partner sent ${messageTypeName(message.type)} out of turn.`)
  }

  #receiveConnectReply(step: Step, connection: PartnerConnection, message: FailoverMessage): void {
    if (message.transactionId !== connection.handshakeTransactionId) {
      this.#fail(step, 'CONNECTREPLY answers another CONNECT.')
      return
    }
    const status = findOption(message.options, statusCodeOption)
    if (status !== undefined && status.code !== StatusCode.Success) {
      // Handed over: taken back, it looks for its primary in a start-up time that is longer than `reconnect`.
      this.#refused(step, refusalSentence(status), status.code === StatusCode.ServerShuttingDown ? 'soon' : 'later')
      return
    }
    const verdict = checkConnectReply(message.options, this.#host.relationship, this.#host.extensions())
    if (!verdict.ok) {
      this.disconnect(step, verdict.statusCode, verdict.text)
      return
    }
    connection.agree(this.#host.relationship, verdict.offer, step.now)
    this.#host.adoptMclt(step, verdict.offer.mcltSeconds)
    this.#host.partnerExtends(step, readExtensions(message.options))
    this.sendState(step)
  }

  #receiveAgreed(step: Step, connection: PartnerConnection, message: FailoverMessage): void {
    if (message.type === MessageType.Contact) return
    if (message.type === MessageType.State) {
      this.#receiveState(step, connection, message)
      return
    }
    const isHandshake = message.type === MessageType.Connect || message.type === MessageType.Connectreply
    if (isHandshake || connection.stage !== 'established') {
      this.disconnect(step, StatusCode.UnspecFail, `${messageTypeName(message.type)} came out of turn.`)
      return
    }
    this.#host.updateReceived(step, message)
  }

  #receiveState(step: Step, connection: PartnerConnection, message: FailoverMessage): void {
    const first = connection.stage === 'awaiting-state'
    if (first) {
      connection.enter('established', step.now)
      this.#lastProblem = undefined
      this.#noteChange(step, 'established', connection.secured ? 'over TLS' : 'without TLS')
    }
    if (!this.#host.stateReceived(step, message.options, first)) {
      this.disconnect(step, StatusCode.UnspecFail, 'A STATE message lacks what it must carry.')
    }
  }

  #receiveDisconnect(step: Step, connection: PartnerConnection, message: FailoverMessage): void {
    connection.close(step, 'The partner disconnected.')
    this.#lost(step, disconnectSentence(message.options), 'later')
  }

  #checkSkew(step: Step, connection: PartnerConnection, message: FailoverMessage, arrivedAt: Instant): boolean {
    const seconds = skewSeconds(message.sentTime, arrivedAt)
    connection.skew.add(message.sentTime, arrivedAt)
    const excessive = isExcessiveSkew(seconds)
    const skewMs = excessive ? seconds * 1000 : connection.skew.takeWarning(step.now)
    const relationship = this.#host.relationship.name
    if (skewMs !== undefined) step.notice({ kind: 'clock-skew-seen', relationship, skewMs, excessive })
    if (!excessive) return true
    const text = `A message was ${Math.abs(seconds)} seconds off; ${CLOCK_SKEW_SECONDS_MAX} are allowed.`
    if (connection.isAgreed()) this.disconnect(step, StatusCode.ExcessiveTimeSkew, text)
    else this.#refused(step, text)
    return false
  }

  #sendConnect(step: Step, connection: PartnerConnection): void {
    connection.handshakeTransactionId = this.#host.nextTransactionId()
    connection.enter('awaiting-connect-reply', step.now)
    const options = connectOptions(this.#host.relationship, this.#host.extensions())
    connection.send(step, MessageType.Connect, connection.handshakeTransactionId, options)
  }

  #heard(connection: PartnerConnection, arrivedAt: Instant): void {
    connection.heard(arrivedAt)
    this.#lastHeardAt = arrivedAt
  }

  #refused(step: Step, detail: string, retry: Retry = 'later'): void {
    this.#connection?.close(step, detail)
    this.#lost(step, detail, retry)
  }

  #fail(step: Step, reason: string): void {
    this.#connection?.close(step, reason)
    this.#lost(step, reason, 'soon')
  }

  /** The connection is closed already; what depended on it learns that here. */
  #lost(step: Step, cause: string, retry: Retry): void {
    const connection = this.#connection
    if (connection === undefined) return
    this.#connection = undefined
    this.#clockSkewMs = connection.skew.averageMs ?? this.#clockSkewMs
    this.#idleSince = step.now
    this.#dialler.retry(step.now, retry === 'later')
    const wasAgreed = connection.keepalive !== undefined
    this.noteProblem(step, wasAgreed ? 'lost' : 'refused', cause)
    if (wasAgreed) this.#host.connectionLost(step, cause, connection.wasEstablished)
  }
}
