/** All endpoints of this server: which one a stream event is for, and the service policy they make together (RFC 8156 section 6.2). */
import { decodeStreamMessage, parseIpv6Address, peekMessageType } from '@tandem/protocol'
import type {
  CommandReceived,
  ConnectionId,
  DatagramReceived,
  FrameReceived,
  ListenerDown,
  StreamOpened,
} from '../events.ts'
import type { Step } from '../step.ts'
import { addMs, earliest, type Instant } from '../time/instant.ts'
import type { Blindness } from './blindness.ts'
import { AcceptedStreams } from './connection/accepted-streams.ts'
import { PartnerConnection } from './connection/partner-connection.ts'
import type { StreamEvent } from './failover.ts'
import type { RelationshipEndpoint } from './relationship-endpoint.ts'

/** How long a shut-down waits for the partner's acknowledgements; what is then still owed stays owed. */
const SHUT_DOWN_DRAIN_MS = 2_000

interface ShuttingDown {
  readonly asked: CommandReceived
  readonly drainUntil: Instant
  isComplete: boolean
}

export class Endpoints {
  readonly #byName: ReadonlyMap<string, RelationshipEndpoint>
  readonly #bound = new Map<ConnectionId, { connection: PartnerConnection; endpoint: RelationshipEndpoint }>()
  readonly #accepted: AcceptedStreams
  readonly blindness: Blindness
  #shuttingDown: ShuttingDown | undefined

  constructor(endpoints: readonly RelationshipEndpoint[], blindness: Blindness) {
    this.blindness = blindness
    this.#byName = new Map(endpoints.map((endpoint) => [endpoint.relationship.name, endpoint]))
    this.#accepted = new AcceptedStreams(endpoints, (connection, endpoint) => {
      this.#bound.set(connection.id, { connection, endpoint })
    })
  }

  get isShuttingDown(): boolean {
    return this.#shuttingDown !== undefined
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
        if (!this.isShuttingDown) this.get(event.relationship)?.link.dialFailed(step, event.reason)
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
    const drained = this.#shuttingDown?.isComplete === false ? this.#shuttingDown.drainUntil : undefined
    return earliest(
      drained,
      this.#accepted.nextDeadline(),
      ...[...this.all()].map((endpoint) => endpoint.nextDeadline()),
    )
  }

  /** One question may be of several relationships, whose subnets share a link. */
  takeLeftQuestions(now: Instant): readonly DatagramReceived[] {
    if (this.isShuttingDown) return []
    const left = new Set<DatagramReceived>()
    for (const endpoint of this.all()) {
      for (const question of endpoint.takeLeftQuestions(now)) left.add(question)
    }
    return [...left]
  }

  timeGap(step: Step, from: Instant): void {
    for (const endpoint of this.all()) endpoint.timeGap(step, from)
    this.#accepted.timeGap()
    this.#bound.clear()
  }

  /** Whoever hears no client leaves by DISCONNECT in every state, so that the partner serves (decision 0080). */
  listenersChanged(step: Step, down: readonly ListenerDown[]): void {
    const change = this.blindness.update(down, step.now)
    step.notice({ kind: 'listeners-changed', down, blind: this.blindness.since !== undefined })
    if (change === 'began') {
      for (const endpoint of this.all()) endpoint.leave(step, this.blindness.because)
      this.#accepted.closeAll(step, this.blindness.because)
      this.#forgetClosed()
    } else if (change === 'ended') {
      for (const endpoint of this.all()) endpoint.comeBack(step)
    }
  }

  /** From now on clients are not answered; the partner still gets what it is owed. */
  beginShutDown(step: Step, asked: CommandReceived): void {
    this.#shuttingDown = { asked, drainUntil: addMs(step.now, SHUT_DOWN_DRAIN_MS), isComplete: false }
    for (const endpoint of this.all()) endpoint.tellOwed(step)
    this.finishShutDownIfDrained(step)
  }

  /** Nothing is owed any more, or the time for it is over: DISCONNECT, then the answer to whoever asked. */
  finishShutDownIfDrained(step: Step): void {
    const shuttingDown = this.#shuttingDown
    if (shuttingDown === undefined || shuttingDown.isComplete) return
    const isDrained = [...this.all()].every((endpoint) => endpoint.isDrained())
    if (!isDrained && step.now < shuttingDown.drainUntil) return
    shuttingDown.isComplete = true
    for (const endpoint of this.all()) endpoint.shutDown(step)
    this.#accepted.closeAll(step, 'The server is being shut down.')
    this.#bound.clear()
    const { commandId } = shuttingDown.asked
    const detail = isDrained
      ? 'Connections are closed; the partner has been told everything.'
      : 'Connections are closed; the partner did not acknowledge everything in time.'
    step.output({ kind: 'command-answered', commandId, result: { ok: true, detail } })
    step.output({ kind: 'shut-down-complete' })
  }

  #opened(step: Step, event: StreamOpened): void {
    const peerAddress = parseIpv6Address(event.peerAddress)
    const connection = new PartnerConnection(event.connection, event.direction, peerAddress, step.now)
    if (this.isShuttingDown) {
      connection.close(step, 'The server is being shut down.')
      return
    }
    if (event.direction === 'accepted' && this.blindness.since !== undefined) {
      connection.close(step, this.blindness.because)
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
    this.#accepted.closed(step, id, reason)
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
