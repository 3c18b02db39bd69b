/** All endpoints of this server: which one a stream event is for, and the service policy they make together (RFC 8156 section 6.2). */
import { decodeStreamMessage, parseIpv6Address, peekMessageType } from '@tandem/protocol'
import type { ConnectionId, FrameReceived, StreamOpened } from '../events.ts'
import type { Step } from '../step.ts'
import { earliest, type Instant } from '../time/instant.ts'
import { AcceptedStreams } from './connection/accepted-streams.ts'
import { PartnerConnection } from './connection/partner-connection.ts'
import type { StreamEvent } from './failover.ts'
import type { RelationshipEndpoint } from './relationship-endpoint.ts'

export class Endpoints {
  readonly #byName: ReadonlyMap<string, RelationshipEndpoint>
  readonly #bound = new Map<ConnectionId, { connection: PartnerConnection; endpoint: RelationshipEndpoint }>()
  readonly #accepted: AcceptedStreams
  #isShuttingDown = false

  constructor(endpoints: readonly RelationshipEndpoint[]) {
    this.#byName = new Map(endpoints.map((endpoint) => [endpoint.relationship.name, endpoint]))
    this.#accepted = new AcceptedStreams(endpoints, (connection, endpoint) => {
      this.#bound.set(connection.id, { connection, endpoint })
    })
  }

  get isShuttingDown(): boolean {
    return this.#isShuttingDown
  }

  all(): Iterable<RelationshipEndpoint> {
    return this.#byName.values()
  }

  get(relationship: string): RelationshipEndpoint | undefined {
    return this.#byName.get(relationship)
  }

  receive(step: Step, event: StreamEvent): void {
    switch (event.kind) {
      case 'stream-opened':
        this.#opened(step, event)
        break
      case 'dial-failed':
        if (!this.#isShuttingDown) this.get(event.relationship)?.link.dialFailed(step, event.reason)
        break
      case 'stream-secured':
        this.#secured(step, event.connection)
        break
      case 'stream-closed':
        this.#closed(step, event.connection, event.reason)
        break
      case 'frame-received':
        this.#frame(step, event)
        break
    }
    this.#forgetClosed()
  }

  runDeadlines(step: Step): void {
    for (const endpoint of this.all()) endpoint.runDeadlines(step)
    this.#accepted.runDeadlines(step)
    this.#forgetClosed()
  }

  nextDeadline(): Instant | undefined {
    return earliest(this.#accepted.nextDeadline(), ...[...this.all()].map((endpoint) => endpoint.nextDeadline()))
  }

  timeGap(step: Step, from: Instant): void {
    for (const endpoint of this.all()) endpoint.timeGap(step, from)
    this.#accepted.timeGap()
    this.#bound.clear()
  }

  shutDown(step: Step): void {
    for (const endpoint of this.all()) endpoint.shutDown(step)
    this.#accepted.shutDown(step)
    this.#bound.clear()
    this.#isShuttingDown = true
  }

  #opened(step: Step, event: StreamOpened): void {
    const peerAddress = parseIpv6Address(event.peerAddress)
    const connection = new PartnerConnection(event.connection, event.direction, peerAddress, step.now)
    if (this.#isShuttingDown) {
      connection.close(step, 'The server is being shut down.')
      return
    }
    if (event.direction === 'accepted') {
      this.#accepted.opened(step, connection, event.peerAddress)
      return
    }
    const endpoint = event.relationship === undefined ? undefined : this.get(event.relationship)
    if (endpoint?.role !== 'primary') {
      connection.close(step, 'Nobody asked for this connection.')
      return
    }
    this.#bound.set(connection.id, { connection, endpoint })
    endpoint.link.opened(step, connection)
  }

  #secured(step: Step, id: ConnectionId): void {
    const waiting = this.#accepted.get(id)
    if (waiting !== undefined) this.#accepted.secured(step, waiting)
    else this.#bound.get(id)?.endpoint.link.secured(step)
  }

  #closed(step: Step, id: ConnectionId, reason: string): void {
    this.#accepted.closed(id)
    const bound = this.#bound.get(id)
    this.#bound.delete(id)
    if (bound !== undefined && bound.endpoint.link.connection === bound.connection) {
      bound.endpoint.link.closed(step, reason)
    }
  }

  #frame(step: Step, event: FrameReceived): void {
    const waiting = this.#accepted.get(event.connection)
    const bound = this.#bound.get(event.connection)
    const decoded = decodeStreamMessage(event.bytes)
    if (!decoded.ok) {
      const { reason, detail, offset } = decoded.error
      const relationship = bound?.endpoint.relationship.name
      step.notice({ kind: 'frame-malformed', relationship, detail: `${reason} at octet ${offset}: ${detail}` })
      if (waiting !== undefined) this.#accepted.receivedMalformed(step, waiting)
      else bound?.endpoint.link.receivedMalformed(step, peekMessageType(event.bytes)?.type, event.arrivedAt)
    } else if (waiting !== undefined) this.#accepted.receive(step, waiting, decoded.value, event.arrivedAt)
    else bound?.endpoint.receive(step, decoded.value, event.arrivedAt)
  }

  /** The engine closes by an output, and no event follows. */
  #forgetClosed(): void {
    for (const [id, { connection }] of this.#bound) {
      if (connection.stage === 'closed') this.#bound.delete(id)
    }
  }
}
