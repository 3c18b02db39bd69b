/** Connections accepted from a partner's address until CONNECT says which relationship they are for (RFC 8156 section 6.1). */
import {
  findOption,
  MessageType,
  messageTypeName,
  option,
  relationshipNameOption,
  StatusCode,
  statusCodeOption,
  type ClientServerMessage,
  type FailoverMessage,
} from '@tandem/protocol'
import type { FailoverTransport } from '../../configuration/configuration.ts'
import type { ConnectionId } from '../../events.ts'
import type { Step } from '../../step.ts'
import { earliest, type Instant } from '../../time/instant.ts'
import type { RelationshipEndpoint } from '../relationship-endpoint.ts'
import { isExcessiveSkew, skewSeconds } from './clock-skew.ts'
import { checkConnect, checkConnectBasics, type OfferRefusal } from './connect-offer.ts'
import type { PartnerConnection } from './partner-connection.ts'

/** Of one address at a time; a partner needs one, and one more while an old one lingers. */
const WAITING_PER_PEER_MAX = 4

export class AcceptedStreams {
  /** Endpoints in which this server is secondary. */
  readonly #secondaries: readonly RelationshipEndpoint[]
  readonly #waiting = new Map<ConnectionId, PartnerConnection>()
  /** Told when CONNECT has found its endpoint. */
  readonly #adopted: (connection: PartnerConnection, endpoint: RelationshipEndpoint) => void

  constructor(
    endpoints: readonly RelationshipEndpoint[],
    adopted: (connection: PartnerConnection, endpoint: RelationshipEndpoint) => void,
  ) {
    this.#secondaries = endpoints.filter((endpoint) => endpoint.role === 'secondary')
    this.#adopted = adopted
  }

  /** A peer without a relationship in which this server is secondary is dropped unread (RFC 8156 section 6.1). */
  opened(step: Step, connection: PartnerConnection, peerAddress: string): void {
    if (this.#candidates(connection).length === 0) {
      this.#reject(step, connection, undefined, `No relationship has ${peerAddress} as its primary.`)
      return
    }
    const ofPeer = [...this.#waiting.values()].filter((other) => other.peerAddress === connection.peerAddress)
    const oldest = ofPeer[0]
    if (oldest !== undefined && ofPeer.length >= WAITING_PER_PEER_MAX) {
      this.#reject(step, oldest, undefined, `Too many connections from ${peerAddress} wait for CONNECT.`)
    }
    this.#waiting.set(connection.id, connection)
  }

  get(id: ConnectionId): PartnerConnection | undefined {
    return this.#waiting.get(id)
  }

  /** A peer that goes away before CONNECT is nothing to tell, but a failed TLS handshake has a reason. */
  closed(step: Step, id: ConnectionId, reason: string): void {
    const connection = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (connection?.stage !== 'securing') return
    const detail = `The connection was not secured: ${reason}.`
    this.#endpointForTls(connection)?.link.noteProblem(step, 'refused', detail)
  }

  secured(step: Step, connection: PartnerConnection): void {
    if (connection.stage !== 'securing') return
    connection.secured = true
    connection.enter('awaiting-first-message', step.now)
  }

  receive(
    step: Step,
    connection: PartnerConnection,
    message: FailoverMessage | ClientServerMessage,
    arrivedAt: Instant,
  ): void {
    connection.heard(arrivedAt)
    const isFirst = connection.stage === 'awaiting-first-message'
    if (isFirst && message.kind === 'client-server' && message.type === MessageType.StartTls && !connection.secured) {
      this.#receiveStartTls(step, connection, message)
    } else if (isFirst && message.kind === 'failover' && message.type === MessageType.Connect) {
      this.#receiveConnect(step, connection, message, arrivedAt)
    } else {
      this.#reject(step, connection, undefined, `${messageTypeName(message.type)} came before CONNECT.`)
    }
  }

  receivedMalformed(step: Step, connection: PartnerConnection): void {
    this.#reject(step, connection, undefined, 'The first message cannot be read.')
  }

  runDeadlines(step: Step): void {
    for (const connection of this.#waiting.values()) {
      const endsAt = connection.handshakeEndsAt()
      if (endsAt !== undefined && endsAt <= step.now) this.#reject(step, connection, undefined, 'CONNECT did not come.')
    }
  }

  nextDeadline(): Instant | undefined {
    return earliest(...[...this.#waiting.values()].map((connection) => connection.handshakeEndsAt()))
  }

  timeGap(): void {
    this.#waiting.clear()
  }

  closeAll(step: Step, reason: string): void {
    for (const connection of this.#waiting.values()) connection.close(step, reason)
    this.#waiting.clear()
  }

  #receiveStartTls(step: Step, connection: PartnerConnection, message: ClientServerMessage): void {
    const endpoint = this.#endpointForTls(connection)
    if (endpoint === undefined) return
    if (this.#transportOf(connection) === 'insecure') {
      const status = option(statusCodeOption, {
        code: StatusCode.TlsConnectionRefused,
        message: 'This relationship is configured without TLS.',
      })
      connection.sendPlain(step, MessageType.Reply, message.transactionId, [status])
      endpoint.link.noteProblem(step, 'refused', 'The partner wants TLS; this relationship is configured without it.')
      return
    }
    connection.sendPlain(step, MessageType.Reply, message.transactionId, [])
    connection.enter('securing', step.now)
    const relationship = endpoint.relationship.name
    step.output({ kind: 'secure-stream', connection: connection.id, as: 'server', relationship })
  }

  #receiveConnect(step: Step, connection: PartnerConnection, message: FailoverMessage, arrivedAt: Instant): void {
    if (!connection.secured && this.#transportOf(connection) === 'tls') {
      this.#reject(step, connection, undefined, 'CONNECT came without TLS.')
      return
    }
    const skew = skewSeconds(message.sentTime, arrivedAt)
    const basics = checkConnectBasics(message.options, skew)
    const endpoint = this.#chooseEndpoint(connection, message)
    if (isExcessiveSkew(skew) && endpoint !== undefined) {
      const relationship = endpoint.relationship.name
      step.notice({ kind: 'clock-skew-seen', relationship, skewMs: skew * 1000, excessive: true })
    }
    if (basics !== undefined) {
      this.#refuse(step, connection, message, endpoint, basics)
      return
    }
    if (endpoint === undefined) {
      this.#refuse(step, connection, message, undefined, {
        ok: false,
        statusCode: StatusCode.ConfigurationConflict,
        text: 'No relationship of that name is configured here with you as primary.',
      })
      return
    }
    if (endpoint.handOver.stage === 'away') {
      const { because } = endpoint.handOver
      const statusCode = StatusCode.ServerShuttingDown
      this.#refuse(step, connection, message, endpoint, { ok: false, statusCode, text: because })
      return
    }
    const verdict = checkConnect(message.options, endpoint.relationship, endpoint.extensions())
    if (!verdict.ok) {
      this.#refuse(step, connection, message, endpoint, verdict)
      return
    }
    this.#waiting.delete(connection.id)
    this.#adopted(connection, endpoint)
    endpoint.link.adopt(step, connection, message, verdict.offer)
  }

  /** By peer address, name and own role; without a name it is the only relationship there is (digest A11). */
  #chooseEndpoint(connection: PartnerConnection, message: FailoverMessage): RelationshipEndpoint | undefined {
    const candidates = this.#candidates(connection)
    const name = findOption(message.options, relationshipNameOption)
    if (name === undefined) return candidates.length === 1 ? candidates[0] : undefined
    return candidates.find((endpoint) => endpoint.relationship.name === name)
  }

  #candidates(connection: PartnerConnection): readonly RelationshipEndpoint[] {
    return this.#secondaries.filter(({ relationship }) => relationship.partnerAddress === connection.peerAddress)
  }

  /** Which relationship it will be is not known yet: all of one peer are secured alike. */
  #endpointForTls(connection: PartnerConnection): RelationshipEndpoint | undefined {
    const candidates = this.#candidates(connection)
    return candidates.find(({ relationship }) => relationship.transport === 'tls') ?? candidates[0]
  }

  /** One relationship that demands TLS is enough to demand it of the peer. */
  #transportOf(connection: PartnerConnection): FailoverTransport {
    const isSecure = this.#candidates(connection).some(({ relationship }) => relationship.transport === 'tls')
    return isSecure ? 'tls' : 'insecure'
  }

  #refuse(
    step: Step,
    connection: PartnerConnection,
    connect: FailoverMessage,
    endpoint: RelationshipEndpoint | undefined,
    refusal: OfferRefusal,
  ): void {
    const status = option(statusCodeOption, { code: refusal.statusCode, message: refusal.text })
    connection.send(step, MessageType.Connectreply, connect.transactionId, [status])
    this.#reject(step, connection, endpoint, refusal.text)
  }

  #reject(step: Step, connection: PartnerConnection, endpoint: RelationshipEndpoint | undefined, detail: string): void {
    connection.close(step, detail)
    this.#waiting.delete(connection.id)
    const only = endpoint ?? this.#soleCandidate(connection)
    if (only === undefined)
      step.notice({ kind: 'connection-changed', relationship: undefined, change: 'rejected-peer', detail })
    else only.link.noteProblem(step, 'refused', detail)
  }

  #soleCandidate(connection: PartnerConnection): RelationshipEndpoint | undefined {
    const candidates = this.#candidates(connection)
    return candidates.length === 1 ? candidates[0] : undefined
  }
}
