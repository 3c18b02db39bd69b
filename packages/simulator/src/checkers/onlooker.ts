/** What all checkers may know of both servers: state, leases and conversation as they were before the present step. */
import {
  findOption,
  keepaliveTimeOption,
  maxUnackedBndupdOption,
  MessageType,
  statusCodeOption,
  type StreamMessage,
} from '@tandem/protocol'
import {
  keyOf,
  type Binding,
  type Effects,
  type EndpointRecord,
  type EndpointState,
  type EngineEvent,
} from '@tandem/engine'
import { readFrame, readReceived } from '../world/read-frame.ts'
import type { World, WorldObserver } from '../world/world.ts'

/** One connection as one of its ends sees it. */
export interface Conversation {
  readonly connection: number
  /** CONNECT was accepted; a STATE of the partner came. */
  isAgreed: boolean
  isEstablished: boolean
  /** What the partner said of itself in CONNECT or CONNECTREPLY. */
  partnerMaxUnacked: number
  partnerKeepaliveSeconds: number
  sentAt: number
  heardAt: number
  /** Leases of BNDUPDs without an answer, by transaction id. */
  readonly unanswered: Set<number>
}

/** What the present step received and sent between the servers. */
export interface StepMessages {
  /** Undefined: the step is not about a connection, or about one that has been given up. */
  readonly conversation: Conversation | undefined
  readonly received: StreamMessage | undefined
  readonly sent: readonly StreamMessage[]
  /** A connection is given up in this step. */
  readonly closes: boolean
}

interface Seen {
  state: EndpointState
  endpoint: EndpointRecord | undefined
  readonly leases: Map<string, Binding>
  readonly conversations: Map<number, Conversation>
}

/** Clocks may be so far apart (RFC 8156 section 7.1). */
const SKEW_MAX_MS = 5_000

const nothing: StepMessages = { conversation: undefined, received: undefined, sent: [], closes: false }

export class Onlooker {
  readonly #world: World
  readonly #seen = new Map<string, Seen>()
  #messages: StepMessages = nothing
  #clocksErred = false
  #hasBeenAlone = false

  constructor(world: World) {
    this.#world = world
  }

  stateOf(server: string): EndpointState {
    return this.#seen.get(server)?.state ?? 'STARTUP'
  }

  /** As it will stand on disk. */
  endpointOf(server: string): EndpointRecord | undefined {
    return this.#seen.get(server)?.endpoint
  }

  lease(server: string, key: string): Binding | undefined {
    return this.#seen.get(server)?.leases.get(key)
  }

  leases(server: string): Iterable<Binding> {
    return this.#seen.get(server)?.leases.values() ?? []
  }

  /** Connections on which CONNECT was accepted and that this server has not given up. */
  conversations(server: string): Iterable<Conversation> {
    return this.#seen.get(server)?.conversations.values() ?? []
  }

  /** The one over which this server hears its partner. */
  talking(server: string): Conversation | undefined {
    let found: Conversation | undefined
    for (const conversation of this.conversations(server)) if (conversation.isEstablished) found = conversation
    return found
  }

  get messages(): StepMessages {
    return this.#messages
  }

  /** In an operator-error history: the clocks have been further apart than they may be. */
  get clocksErred(): boolean {
    return this.#clocksErred
  }

  /** In an operator-error history: what RFC 8156 relies on people for may have been neglected. Until then it is like any other. */
  get operatorErred(): boolean {
    return this.#clocksErred || this.#hasBeenAlone
  }

  /** Comes before every checker. */
  readonly before: WorldObserver = {
    started: (server) => {
      const role = server === 'primary' ? 'primary' : 'secondary'
      const { store } = this.#world.server(role)
      const leases = new Map([...store.bindings()].map((binding) => [keyOf(binding), binding]))
      const endpoint = store.endpoint('pair')
      this.#seen.set(server, { state: 'STARTUP', endpoint, leases, conversations: new Map() })
    },
    decided: (server, event, effects, _engine, now) => {
      this.#noteErrors(effects)
      const seen = this.#seen.get(server)
      const received = readReceived(event)
      const sent = effects.afterCommit.flatMap((output) => readFrame(output) ?? [])
      const closes = effects.afterCommit.some(({ kind }) => kind === 'close-stream')
      const conversation = seen === undefined ? undefined : conversationOf(seen, event, received, now)
      this.#messages = { conversation, received, sent, closes }
    },
  }

  /** Nobody keeps two servers together there, of which one is in PARTNER-DOWN. */
  #noteErrors(effects: Effects): void {
    if (this.#world.history !== 'operator-error') return
    const { primary, secondary } = this.#world
    const apartMs = [primary.clock.skewMs - secondary.clock.skewMs, primary.clock.offsetMs - secondary.clock.offsetMs]
    this.#clocksErred ||= apartMs.some((ms) => Math.abs(ms) > SKEW_MAX_MS)
    this.#hasBeenAlone ||= effects.commit.some(
      (change) => change.kind === 'transition-added' && change.transition.to === 'PARTNER-DOWN',
    )
  }

  /** Comes after every checker. */
  readonly after: WorldObserver = {
    decided: (server, event, effects, _engine, now) => {
      const seen = this.#seen.get(server)
      if (seen === undefined) return
      for (const change of effects.commit) {
        if (change.kind === 'binding-put') seen.leases.set(keyOf(change.binding), change.binding)
        else if (change.kind === 'endpoint-put') seen.endpoint = change.endpoint
        else if (change.kind === 'transition-added') seen.state = change.transition.to
      }
      noteMessages(seen, event, effects, this.#messages.received, now)
    },
  }
}

function conversationOf(
  seen: Seen,
  event: EngineEvent,
  received: StreamMessage | undefined,
  now: number,
): Conversation | undefined {
  if (event.kind === 'stream-opened') {
    seen.conversations.set(event.connection, newConversation(event.connection, now))
  }
  if (event.kind === 'stream-closed' || event.kind === 'frame-received') {
    const conversation = seen.conversations.get(event.connection)
    if (conversation !== undefined && received?.type === MessageType.State && conversation.isAgreed) {
      conversation.isEstablished = true
    }
    return conversation
  }
  return undefined
}

function noteMessages(
  seen: Seen,
  event: EngineEvent,
  effects: Effects,
  received: StreamMessage | undefined,
  now: number,
): void {
  if (event.kind === 'time-gap') seen.conversations.clear()
  if (event.kind === 'stream-closed') seen.conversations.delete(event.connection)
  if (event.kind === 'frame-received') noteReceived(seen.conversations.get(event.connection), received, event.arrivedAt)
  for (const output of effects.afterCommit) {
    if (output.kind === 'close-stream') seen.conversations.delete(output.connection)
    if (output.kind !== 'send-frame') continue
    const conversation = seen.conversations.get(output.connection)
    const message = readFrame(output)
    if (conversation === undefined || message === undefined) continue
    conversation.sentAt = now
    if (message.type === MessageType.Bndupd) conversation.unanswered.add(message.transactionId)
    if (message.type === MessageType.Connectreply) conversation.isAgreed = isAccepting(message)
  }
}

function noteReceived(conversation: Conversation | undefined, message: StreamMessage | undefined, at: number): void {
  if (conversation === undefined || message === undefined) return
  conversation.heardAt = Math.max(conversation.heardAt, at)
  if (message.type === MessageType.Bndreply) conversation.unanswered.delete(message.transactionId)
  if (message.type !== MessageType.Connect && message.type !== MessageType.Connectreply) return
  conversation.partnerMaxUnacked = findOption(message.options, maxUnackedBndupdOption) ?? 0
  conversation.partnerKeepaliveSeconds = findOption(message.options, keepaliveTimeOption) ?? Infinity
  if (message.type === MessageType.Connectreply) conversation.isAgreed = isAccepting(message)
}

function isAccepting({ options }: StreamMessage): boolean {
  return (findOption(options, statusCodeOption)?.code ?? 0) === 0
}

function newConversation(connection: number, now: number): Conversation {
  return {
    connection,
    isAgreed: false,
    isEstablished: false,
    partnerMaxUnacked: 0,
    partnerKeepaliveSeconds: Infinity,
    sentAt: now,
    heardAt: now,
    unanswered: new Set(),
  }
}
