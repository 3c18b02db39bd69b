/** One TCP connection with a partner: its phase, whether it is secured, its timers, and its way out (RFC 8156 section 6). */
import {
  dhcpTimeFromNumber,
  encodeStreamMessage,
  option,
  statusCodeOption,
  MessageType,
  type FailoverMessage,
  type FailoverMessageType,
  type Ipv6Address,
  type Options,
} from '@tandem/protocol'
import type { RelationshipConfiguration } from '../../configuration/configuration.ts'
import type { ConnectionId } from '../../events.ts'
import type { ConnectionPhase } from '../../snapshot.ts'
import type { Step } from '../../step.ts'
import { addSeconds, type Instant } from '../../time/instant.ts'
import { ClockSkewAverage } from './clock-skew.ts'
import type { ConnectOffer } from './connect-offer.ts'
import { Keepalive } from './keepalive.ts'

/** From the opening of a connection to an accepted CONNECT; covers peers that never say anything. */
export const HANDSHAKE_SECONDS_MAX = 20

export type ConnectionStage =
  /** Accepted: STARTTLS or CONNECT is to come. */
  | 'awaiting-first-message'
  /** Dialled: STARTTLS is out. */
  | 'awaiting-starttls-reply'
  | 'securing'
  /** Dialled: CONNECT is out. */
  | 'awaiting-connect-reply'
  /** CONNECT was accepted; the partner's STATE is to come. */
  | 'awaiting-state'
  /** Communications OK (RFC 8156 section 6.1). */
  | 'established'
  | 'closed'

export class PartnerConnection {
  readonly id: ConnectionId
  readonly direction: 'dialled' | 'accepted'
  readonly peerAddress: Ipv6Address | undefined
  readonly openedAt: Instant
  stage: ConnectionStage
  stageSince: Instant
  secured = false
  /** Of our STARTTLS or CONNECT. */
  handshakeTransactionId: number | undefined
  /** What the partner said in CONNECT or CONNECTREPLY. */
  offer: ConnectOffer | undefined
  /** Set once CONNECT was accepted. */
  keepalive: Keepalive | undefined
  readonly skew = new ClockSkewAverage()
  stateSent = false
  /** A STATE of the partner came on it, whatever became of it since. */
  wasEstablished = false
  #heardAt: Instant | undefined

  constructor(id: ConnectionId, direction: 'dialled' | 'accepted', peerAddress: Ipv6Address | undefined, now: Instant) {
    this.id = id
    this.direction = direction
    this.peerAddress = peerAddress
    this.openedAt = now
    this.stage = 'awaiting-first-message'
    this.stageSince = now
  }

  enter(stage: ConnectionStage, now: Instant): void {
    this.stage = stage
    this.stageSince = now
    if (stage === 'established') this.wasEstablished = true
  }

  heard(at: Instant): void {
    this.#heardAt = at
    this.keepalive?.heard(at)
  }

  /** CONNECT or CONNECTREPLY was heard and accepted: from now on both timers run (RFC 8156 section 6.6). */
  agree(relationship: RelationshipConfiguration, offer: ConnectOffer, now: Instant): void {
    this.handshakeTransactionId = undefined
    this.offer = offer
    this.keepalive = new Keepalive(relationship, this.#heardAt ?? now, now)
    this.keepalive.partnerWants(offer.keepaliveSeconds)
    this.enter('awaiting-state', now)
  }

  /** CONNECT and CONNECTREPLY have been exchanged and accepted. */
  isAgreed(): boolean {
    return this.stage === 'awaiting-state' || this.stage === 'established'
  }

  phase(): ConnectionPhase {
    switch (this.stage) {
      case 'awaiting-starttls-reply':
      case 'securing':
        return 'securing'
      case 'established':
        return 'established'
      case 'awaiting-first-message':
      case 'awaiting-connect-reply':
      case 'awaiting-state':
      case 'closed':
        return 'connecting'
    }
  }

  handshakeEndsAt(): Instant | undefined {
    return this.isAgreed() || this.stage === 'closed' ? undefined : addSeconds(this.openedAt, HANDSHAKE_SECONDS_MAX)
  }

  /**
   * Sent-time stays 0: the adapter stamps it when the socket takes the frame (RFC 8156 section 7.1). False: it does not
   * fit a frame.
   */
  send(step: Step, type: FailoverMessageType, transactionId: number, options: Options): boolean {
    const frame = encodeIfFits({ kind: 'failover', type, transactionId, sentTime: dhcpTimeFromNumber(0), options })
    if (frame === undefined) return false
    this.#sendFrame(step, frame)
    return true
  }

  /** STARTTLS and its REPLY have the header of an ordinary DHCPv6 message (RFC 7653 section 6.2). */
  sendPlain(step: Step, type: number, transactionId: number, options: Options): void {
    this.#sendFrame(step, encodeStreamMessage({ kind: 'client-server', type, transactionId, options }))
  }

  disconnect(step: Step, transactionId: number, statusCode: number, text: string): void {
    const status = option(statusCodeOption, { code: statusCode, message: text })
    this.send(step, MessageType.Disconnect, transactionId, [status])
    this.close(step, text)
  }

  close(step: Step, reason: string): void {
    if (this.stage === 'closed') return
    this.enter('closed', step.now)
    step.output({ kind: 'close-stream', connection: this.id, reason })
  }

  #sendFrame(step: Step, bytes: Uint8Array): void {
    if (this.stage === 'closed') return
    this.keepalive?.sent(step.now)
    step.output({ kind: 'send-frame', connection: this.id, bytes })
  }
}

/** What a partner made us mirror may be longer than what it sent; that is its fault and no broken invariant. */
function encodeIfFits(message: FailoverMessage): Uint8Array | undefined {
  try {
    return encodeStreamMessage(message)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
