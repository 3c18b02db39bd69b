/** Where events wait for the engine: three bounded lanes, so that no flood of one kind starves another (architecture section 5). */
import type { ConnectionId, DatagramReceived, EngineEvent, FrameReceived, Instant } from '@tandem/engine'
import { MessageType, peekMessageType } from '@tandem/protocol'
import { EventQueue } from './event-queue.ts'

/** A client has long repeated its question by then. */
export const DATAGRAM_AGE_MAX_MS = 2000
/** A new client repeats SOLICIT and INFORMATION-REQUEST for the first time then (RFC 9915 section 7.6). */
export const NEW_CLIENT_AGE_MAX_MS = 1000
/**
 * So long after a gap in time, and until the sockets have been read empty, datagrams may come that the kernel has kept
 * since before it: nothing tells their age.
 */
export const UNKNOWN_AGE_MS = 1000
/** Turns of the event loop without any datagram, after which the sockets are empty. */
const IDLE_TURNS = 2
/** So many datagrams a socket hands over in one turn of the event loop if it has them (libuv). */
const DATAGRAMS_OF_A_TURN = 32
/** Two thousand datagrams: beyond that the engine has its turn whatever still comes. */
const READING_TURNS_MAX = 64

export interface InboxLimits {
  /** Datagrams that wait, of both client lanes together. */
  readonly datagramsMax: number
  /** Updates of one connection that wait: the window that we announced to the partner. */
  readonly updatesMax: number
  /** Acknowledgements and all other frames of one connection that wait. */
  readonly otherFramesMax: number
}

export interface InboxListener {
  /** Every datagram, dropped or not; undefined: no DHCPv6 message begins so. */
  received(messageType: number | undefined): void
  dropped(reason: 'inbox-full' | 'inbox-too-old' | 'storage-fails'): void
  /** The partner sends more than it may; its connection is to be closed. */
  overrun(connection: ConnectionId, reason: string): void
}

const knownClientMessages: ReadonlySet<number> = new Set([
  MessageType.Request,
  MessageType.Renew,
  MessageType.Rebind,
  MessageType.Release,
  MessageType.Decline,
  MessageType.Confirm,
])

export class Inbox {
  readonly #limits: InboxLimits
  readonly #listener: InboxListener
  /** States, connections, deadlines, commands: before everything else. */
  readonly #urgent = new EventQueue<EngineEvent>()
  readonly #updates = new EventQueue<FrameReceived>()
  readonly #knownClients = new EventQueue<DatagramReceived>()
  readonly #newClients = new EventQueue<DatagramReceived>()
  readonly #updatesOf = new Map<ConnectionId, number>()
  readonly #otherFramesOf = new Map<ConnectionId, number>()
  readonly #closed = new Set<ConnectionId>()
  #deadlineWaits = false
  #wake: (() => void) | undefined
  #takesDatagrams = true
  #agesKnownFrom = 0
  #isReadingOld = false
  #idleTurns = 0
  #datagrams = 0

  constructor(limits: InboxLimits, listener: InboxListener) {
    this.#limits = limits
    this.#listener = listener
  }

  get length(): number {
    return this.#urgent.length + this.#updates.length + this.#knownClients.length + this.#newClients.length
  }

  push(event: EngineEvent): void {
    switch (event.kind) {
      case 'datagram-received':
        this.#pushDatagram(event)
        break
      case 'frame-received':
        this.#pushFrame(event)
        break
      case 'deadline-reached':
        if (!this.#deadlineWaits) this.#urgent.push(event)
        this.#deadlineWaits = true
        break
      case 'stream-closed':
        this.forget(event.connection)
        this.#urgent.push(event)
        break
      case 'stream-opened':
        this.#closed.delete(event.connection)
        this.#urgent.push(event)
        break
      case 'dial-failed':
      case 'stream-secured':
      case 'time-gap':
      case 'listeners-changed':
      case 'command-received':
        this.#urgent.push(event)
        break
    }
    this.wake()
  }

  /** Lets a waiting `take` return, with nothing if nothing waits. */
  wake(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }

  /** Waits until something is there or somebody wakes it. */
  async take(atMost: number, now: () => Instant): Promise<readonly EngineEvent[]> {
    if (this.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    await this.#readSockets()
    return this.#takeWaiting(atMost, now())
  }

  /**
   * Each socket hands over piece by piece: without this the first piece would get a commit for itself alone. And what waits in
   * the kernel waits in one row: only here a known client passes new ones, so that under a flood reading comes first (decision 0127).
   */
  async #readSockets(): Promise<void> {
    for (let turn = 0; turn < READING_TURNS_MAX; turn += 1) {
      const before = this.#datagrams
      await new Promise((resolve) => setImmediate(resolve))
      // The first one ends a turn that has begun before, with the sockets perhaps read already.
      if (turn > 0 && this.#datagrams - before < DATAGRAMS_OF_A_TURN) return
    }
  }

  /** A frame of a connection that is gone is of no use any more. */
  forget(connection: ConnectionId): void {
    if ((this.#updatesOf.get(connection) ?? 0) > 0) {
      this.#updates.removeWhere((frame) => frame.connection === connection)
    }
    this.#updatesOf.delete(connection)
    this.#otherFramesOf.delete(connection)
  }

  /** After a gap in time: what clients and partner said before it is stale, also what is still to be read from the sockets. */
  empty(now: Instant): void {
    this.#agesKnownFrom = now + UNKNOWN_AGE_MS
    this.#idleTurns = 0
    if (!this.#isReadingOld) this.#readOld()
    this.#updates.clear()
    this.#knownClients.clear()
    this.#newClients.clear()
    this.#updatesOf.clear()
    this.#otherFramesOf.clear()
    this.#deadlineWaits = false
    this.#urgent.removeWhere((event) => !outlivesGap(event))
  }

  /** Each turn of the event loop reads from every socket that has something. */
  #readOld(): void {
    this.#isReadingOld = this.#idleTurns < IDLE_TURNS
    this.#idleTurns += 1
    if (this.#isReadingOld) setImmediate(() => this.#readOld())
  }

  /** While storage fails no client is taken: better silent than late. */
  stopDatagrams(): void {
    this.#takesDatagrams = false
    this.#knownClients.clear()
    this.#newClients.clear()
  }

  resumeDatagrams(): void {
    this.#takesDatagrams = true
  }

  #pushDatagram(event: DatagramReceived): void {
    this.#datagrams += 1
    const peeked = peekMessageType(event.bytes)
    this.#listener.received(peeked?.type)
    if (!this.#takesDatagrams) {
      this.#listener.dropped('storage-fails')
      return
    }
    if (this.#isReadingOld || event.arrivedAt < this.#agesKnownFrom) {
      this.#idleTurns = 0
      this.#listener.dropped('inbox-too-old')
      return
    }
    const isKnown = peeked !== undefined && knownClientMessages.has(peeked.type)
    if (this.#knownClients.length + this.#newClients.length >= this.#limits.datagramsMax) {
      this.#listener.dropped('inbox-full')
      const oldestOfNew = this.#newClients.shift()
      if (oldestOfNew === undefined) {
        if (!isKnown) return
        this.#knownClients.shift()
      }
    }
    if (isKnown) this.#knownClients.push(event)
    else this.#newClients.push(event)
  }

  #pushFrame(event: FrameReceived): void {
    const { connection } = event
    if (this.#closed.has(connection)) return
    const type = event.bytes[0]
    const isUpdate = type === MessageType.Bndupd
    const waiting = isUpdate ? this.#updatesOf : this.#otherFramesOf
    const count = (waiting.get(connection) ?? 0) + 1
    const max = isUpdate ? this.#limits.updatesMax : this.#limits.otherFramesMax
    if (count > max) {
      this.forget(connection)
      this.#closed.add(connection)
      const what = isUpdate ? 'binding updates than the window that we announced' : 'frames than we can take in'
      this.#listener.overrun(connection, `the partner sent more ${what} (${max})`)
      return
    }
    waiting.set(connection, count)
    if (isUpdate || type === MessageType.Bndreply) this.#updates.push(event)
    else this.#urgent.push(event)
  }

  #takeWaiting(atMost: number, now: Instant): readonly EngineEvent[] {
    const taken: EngineEvent[] = []
    while (taken.length < atMost) {
      const event = this.#urgent.shift()
      if (event === undefined) break
      if (event.kind === 'deadline-reached') this.#deadlineWaits = false
      if (event.kind === 'frame-received') countDown(this.#otherFramesOf, event.connection)
      taken.push(event)
    }
    const clientsWait = this.#knownClients.length + this.#newClients.length > 0
    const updatesUpTo = clientsWait ? Math.min(atMost, Math.max(taken.length, Math.floor(atMost / 2))) : atMost
    while (taken.length < updatesUpTo) {
      const frame = this.#updates.shift()
      if (frame === undefined) break
      countDown(frame.bytes[0] === MessageType.Bndupd ? this.#updatesOf : this.#otherFramesOf, frame.connection)
      taken.push(frame)
    }
    while (taken.length < atMost) {
      const datagram = this.#knownClients.shift()
      if (datagram === undefined) break
      if (now - datagram.arrivedAt > DATAGRAM_AGE_MAX_MS) this.#listener.dropped('inbox-too-old')
      else taken.push(datagram)
    }
    this.#takeNewClients(taken, atMost, now)
    return taken
  }

  /** Where more wait than can be served, the newest are: who came first would be answered when it has given up (decision 0085). */
  #takeNewClients(taken: EngineEvent[], atMost: number, now: Instant): void {
    const waiting = this.#newClients
    while (waiting.first !== undefined && now - waiting.first.arrivedAt > NEW_CLIENT_AGE_MAX_MS) {
      waiting.shift()
      this.#listener.dropped('inbox-too-old')
    }
    // Less than that is a moment in which the server was busy: all are served, only late.
    const isOverloaded = waiting.length > Math.max(this.#limits.datagramsMax / 2, atMost - taken.length)
    while (taken.length < atMost) {
      const datagram = isOverloaded ? waiting.pop() : waiting.shift()
      if (datagram === undefined) break
      taken.push(datagram)
    }
  }
}

function countDown(waiting: Map<ConnectionId, number>, connection: ConnectionId): void {
  const count = waiting.get(connection)
  if (count === undefined) return
  if (count <= 1) waiting.delete(connection)
  else waiting.set(connection, count - 1)
}

/** Whoever gave a command waits for its answer, and what became of the listeners is not said twice. */
export function outlivesGap(event: EngineEvent): boolean {
  return event.kind === 'command-received' || event.kind === 'listeners-changed'
}
