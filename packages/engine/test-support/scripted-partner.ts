/** One engine with a partner that says exactly what a test scripts. */
import {
  decodeStreamMessage,
  encodeStreamMessage,
  findOption,
  MessageType,
  messageTypeName,
  option,
  partnerDownTimeOption,
  serverFlagsOption,
  serverStateFromName,
  serverStateOption,
  startTimeOfStateOption,
  statusCodeOption,
  toDhcpTime,
  type FailoverMessageType,
  type Options,
  type StreamMessage,
} from '@tandem/protocol'
import { noExtensions } from '../src/failover/connection/extensions.ts'
import { connectOptions, connectReplyOptions } from '../src/failover/connection/connect-offer.ts'
import {
  addSeconds,
  createEngine,
  type Effects,
  type EndpointRecord,
  type Engine,
  type EngineEvent,
  type Instant,
  type Notice,
  type RecordedState,
  type RelationshipConfiguration,
  type RelationshipSnapshot,
  type Role,
} from '../src/index.ts'
import { TEST_START, testConfiguration, testRelationship } from './failover-pair.ts'

export class ScriptedPartner {
  now: Instant = TEST_START
  readonly relationship: RelationshipConfiguration
  readonly engine: Engine
  readonly notices: Notice[] = []
  /** What the engine sent, `CLOSE`, `DIAL` and `SECURE` among it, as text and as messages. */
  readonly seen: string[] = []
  readonly messages: StreamMessage[] = []
  endpoint: EndpointRecord | undefined
  connection = 0
  #nextTransactionId = 100

  constructor(role: Role, changes: Partial<RelationshipConfiguration> = {}) {
    this.relationship = testRelationship(role, changes)
    this.engine = createEngine(
      testConfiguration(this.relationship),
      { bindings: [], endpoints: [], reservations: [], drains: [], lastCommitAt: undefined, ranUntil: undefined },
      this.now,
    )
    this.wait(0)
  }

  handle(event: EngineEvent): Effects {
    const effects = this.engine.handle(event, this.now)
    for (const change of effects.commit) if (change.kind === 'endpoint-put') this.endpoint = change.endpoint
    this.notices.push(...effects.notices)
    for (const output of effects.afterCommit) {
      if (output.kind === 'send-frame') this.#note(output.bytes)
      else if (output.kind === 'close-stream') this.seen.push('CLOSE')
      else if (output.kind === 'dial-stream') this.seen.push('DIAL')
      else if (output.kind === 'secure-stream') this.seen.push(`SECURE as ${output.as}`)
    }
    return effects
  }

  wait(seconds: number): void {
    const until = addSeconds(this.now, seconds)
    for (let due = this.engine.nextDeadline(); due !== undefined && due <= until; due = this.engine.nextDeadline()) {
      if (due > this.now) this.now = due
      this.handle({ kind: 'deadline-reached' })
    }
    this.now = until
  }

  /** The partner's connection, or the one that the engine dialled, stands. */
  open(peerAddress = this.relationship.role === 'secondary' ? 'fd00::1' : 'fd00::2'): void {
    this.connection += 1
    const isDialled = this.relationship.role === 'primary'
    this.handle({
      kind: 'stream-opened',
      connection: this.connection,
      direction: isDialled ? 'dialled' : 'accepted',
      peerAddress,
      relationship: isDialled ? this.relationship.name : undefined,
    })
  }

  /** `waitedSeconds`: how long the message had arrived when the engine is handed it. */
  send(
    type: FailoverMessageType,
    options: Options = [],
    more: { xid?: number; skewSeconds?: number; waitedSeconds?: number } = {},
  ): void {
    const arrivedAt = addSeconds(this.now, -(more.waitedSeconds ?? 0))
    const sentTime = toDhcpTime(addSeconds(arrivedAt, -(more.skewSeconds ?? 0)))
    const transactionId = more.xid ?? (this.#nextTransactionId += 1)
    const frame = encodeStreamMessage({ kind: 'failover', type, transactionId, sentTime, options })
    this.sendBytes(frame.subarray(2), arrivedAt)
  }

  sendPlain(type: number, transactionId: number, options: Options = []): void {
    this.sendBytes(encodeStreamMessage({ kind: 'client-server', type, transactionId, options }).subarray(2))
  }

  sendBytes(bytes: Uint8Array, arrivedAt: Instant = this.now): void {
    this.handle({ kind: 'frame-received', connection: this.connection, bytes, arrivedAt })
  }

  /** What the partner's CONNECT carries when all is well. */
  connectOptions(changes: Partial<RelationshipConfiguration> = {}): Options {
    return connectOptions({ ...this.relationship, ...changes }, noExtensions)
  }

  connectReplyOptions(changes: Partial<RelationshipConfiguration> = {}): Options {
    const relationship = { ...this.relationship, ...changes }
    return connectReplyOptions(relationship, relationship.mcltSeconds, noExtensions)
  }

  sendState(
    state: RecordedState,
    flags: { startup?: boolean; communicated?: boolean; partnerDownTime?: boolean } = {},
  ): void {
    this.send(MessageType.State, [
      option(serverStateOption, serverStateFromName(state) ?? 0),
      option(serverFlagsOption, {
        startup: flags.startup ?? false,
        ackStartup: false,
        communicated: flags.communicated ?? true,
      }),
      option(startTimeOfStateOption, toDhcpTime(this.now)),
      ...(state === 'PARTNER-DOWN' || flags.partnerDownTime === true
        ? [option(partnerDownTimeOption, toDhcpTime(this.now))]
        : []),
    ])
  }

  /** CONNECT, CONNECTREPLY and both STATEs. */
  agree(state: RecordedState = 'NORMAL'): void {
    this.open()
    if (this.relationship.role === 'secondary') this.send(MessageType.Connect, this.connectOptions())
    else this.send(MessageType.Connectreply, this.connectReplyOptions(), { xid: this.lastMessage().transactionId })
    this.sendState(state)
  }

  lastMessage(): StreamMessage {
    const last = this.messages.at(-1)
    if (last === undefined) throw new Error('the engine has said something')
    return last
  }

  lastOfType(type: number): StreamMessage {
    const found = this.messages.findLast((message) => message.type === type)
    if (found === undefined) throw new Error(`the engine has sent ${messageTypeName(type)}`)
    return found
  }

  /** Of the last message that carries one. */
  lastStatus(): number | undefined {
    return findOption(this.lastMessage().options, statusCodeOption)?.code
  }

  view(): RelationshipSnapshot {
    const found = this.engine.snapshot(this.now).relationships[0]
    if (found === undefined) throw new Error('the relationship is configured')
    return found
  }

  #note(frame: Uint8Array): void {
    const decoded = decodeStreamMessage(frame.subarray(2))
    if (!decoded.ok) throw new Error(`the engine sent what cannot be read: ${decoded.error.detail}`)
    this.messages.push(decoded.value)
    this.seen.push(messageTypeName(decoded.value.type))
  }
}
