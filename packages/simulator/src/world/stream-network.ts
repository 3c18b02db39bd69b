/** TCP between the two servers: in order, with delay; a cut wire holds what is sent, and tells nobody. */
import type { ConnectionId } from '@tandem/engine'
import type { Schedule } from './schedule.ts'

/** What a server process does with its end of a connection. */
export interface StreamProcess {
  opened(connection: ConnectionId, direction: 'dialled' | 'accepted', relationship: string | undefined): void
  dialFailed(relationship: string, reason: string): void
  secured(connection: ConnectionId): void
  frame(connection: ConnectionId, bytes: Uint8Array): void
  closed(connection: ConnectionId, reason: string): void
}

/** What became of frames on their way to a server. */
export interface StreamObserver {
  frameArrived?(bytes: Uint8Array, lateMs: number, towards: string): void
  /** Its connection ended first. */
  frameLost?(bytes: Uint8Array, towards: string): void
}

interface Parcel {
  readonly arrive: () => void
  /** Undefined: the end of the connection, or a step of TLS. */
  readonly frame: Uint8Array | undefined
  readonly sentAt: number
}

interface StreamEnd {
  readonly node: string
  readonly process: StreamProcess
  readonly connection: ConnectionId
  closed: boolean
  /** The other machine lost its power and told nobody: nothing will come, and nothing is heard there. */
  isForsaken: boolean
  wantsSecurity: boolean
  /** When the last thing sent to this end arrives, so that later ones never overtake it. */
  lastArrivalAt: number
  /** On its way to this end, in order. */
  waiting: Parcel[]
  /** How much of that would have arrived by now if the wire had not been cut: TCP repeats it until it passes. */
  heldCount: number
  peer: StreamEnd | undefined
}

/** A dialler gives up after so long without an answer. */
const DIAL_TIMEOUT_MS = 1_000
/** A machine that is back answers what is repeated to its old connection with RST; TCP repeats that seldom. */
const RESET_AFTER_MS = 5_000

/** From one server to the other, one way, where nothing slows the wire. */
export const USUAL_LATENCY_MS = 1

export class StreamNetwork {
  readonly #schedule: Schedule
  readonly #observers: readonly StreamObserver[]
  readonly #processes = new Map<string, StreamProcess>()
  /** By connection. */
  readonly #ends = new Map<ConnectionId, StreamEnd>()
  #nextConnection = 1
  /** The server that nothing reaches, or both. */
  #cutTowards: string | undefined
  latencyMs = USUAL_LATENCY_MS

  constructor(schedule: Schedule, observers: readonly StreamObserver[] = []) {
    this.#schedule = schedule
    this.#observers = observers
  }

  attach(node: string, process: StreamProcess): void {
    this.#processes.set(node, process)
  }

  /** The process is gone: its kernel closes what it had open, and goes on sending what was given to it. */
  detach(node: string): void {
    this.#processes.delete(node)
    for (const end of this.#openEndsOf(node)) {
      this.#close(end)
      if (end.peer !== undefined) this.#tellClosed(end.peer, 'the process of the peer ended')
    }
  }

  /** The whole machine is gone: what the cut wire still held of it is never sent. */
  destroy(node: string): void {
    for (const end of this.#openEndsOf(node)) if (end.peer !== undefined) this.#discard(end.peer)
    this.detach(node)
  }

  /** The machine loses its power: its peers are not told, and wait. */
  vanish(node: string): void {
    this.#processes.delete(node)
    for (const end of this.#openEndsOf(node)) {
      this.#close(end)
      if (end.peer === undefined) continue
      this.#discard(end.peer)
      end.peer.isForsaken = true
    }
  }

  /** Nothing passes, and nobody is told; with a name, only in the direction of that server. */
  cut(towards?: string): void {
    this.#cutTowards = towards ?? 'both'
  }

  mend(): void {
    this.#cutTowards = undefined
    for (const end of this.#ends.values()) {
      const { heldCount } = end
      end.heldCount = 0
      for (let count = 0; count < heldCount; count += 1) this.#scheduleArrival(end)
    }
  }

  get isCut(): boolean {
    return this.#cutTowards !== undefined
  }

  /** Every connection breaks, and both ends are told. */
  reset(): void {
    for (const end of this.#ends.values()) if (!end.closed) this.#tellClosed(end, 'connection reset')
  }

  dial(from: string, to: string, relationship: string): void {
    const dialler = this.#processes.get(from)
    if (dialler === undefined) return
    const fail = (afterMs: number, reason: string): void => {
      this.#schedule.after(afterMs, () => {
        if (this.#processes.get(from) === dialler) dialler.dialFailed(relationship, reason)
      })
    }
    this.#schedule.after(this.latencyMs, () => {
      const acceptor = this.#processes.get(to)
      if (this.#processes.get(from) !== dialler) return
      if (this.isCut) fail(DIAL_TIMEOUT_MS, 'timed out')
      else if (acceptor === undefined) fail(this.latencyMs, 'connection refused')
      else this.#open(newEnd(from, dialler, this.#takeId()), newEnd(to, acceptor, this.#takeId()), relationship)
    })
  }

  /** Both sides must ask; then both are told. */
  secure(node: string, connection: ConnectionId): void {
    const end = this.#find(node, connection)
    if (end?.peer === undefined) return
    end.wantsSecurity = true
    if (!end.peer.wantsSecurity) return
    for (const each of [end, end.peer]) {
      this.#send(each, undefined, () => {
        each.process.secured(each.connection)
      })
    }
  }

  send(node: string, connection: ConnectionId, bytes: Uint8Array): void {
    const end = this.#find(node, connection)
    const peer = end?.peer
    if (end === undefined || peer === undefined) return
    if (end.isForsaken) {
      this.#lose(bytes, peer.node)
      this.#resetWhenBack(end, peer.node)
      return
    }
    this.#send(peer, bytes, () => {
      peer.process.frame(peer.connection, bytes)
    })
  }

  /** As if the partner had sent it, on the latest connection of that server. */
  slipIn(node: string, bytes: Uint8Array): void {
    const end = this.#openEndsOf(node).at(-1)
    if (end === undefined || end.isForsaken) return
    this.#send(end, bytes, () => {
      end.process.frame(end.connection, bytes)
    })
  }

  close(node: string, connection: ConnectionId, reason: string): void {
    const end = this.#find(node, connection)
    if (end === undefined) return
    this.#close(end)
    if (end.peer !== undefined && !end.isForsaken) this.#tellClosed(end.peer, `closed by the peer: ${reason}`)
  }

  #isCutTowards(node: string): boolean {
    return this.#cutTowards === 'both' || this.#cutTowards === node
  }

  #takeId(): ConnectionId {
    const id = this.#nextConnection
    this.#nextConnection += 1
    return id
  }

  #open(dialler: StreamEnd, acceptor: StreamEnd, relationship: string): void {
    dialler.peer = acceptor
    acceptor.peer = dialler
    for (const end of [dialler, acceptor]) this.#ends.set(end.connection, end)
    acceptor.process.opened(acceptor.connection, 'accepted', undefined)
    dialler.process.opened(dialler.connection, 'dialled', relationship)
  }

  #resetWhenBack(end: StreamEnd, lostNode: string): void {
    this.#schedule.after(RESET_AFTER_MS, () => {
      if (!end.closed && this.#processes.has(lostNode) && !this.isCut) this.#tellClosed(end, 'connection reset')
    })
  }

  #tellClosed(end: StreamEnd, reason: string): void {
    this.#send(end, undefined, () => {
      this.#close(end)
      end.process.closed(end.connection, reason)
    })
  }

  #send(to: StreamEnd, frame: Uint8Array | undefined, arrive: () => void): void {
    if (to.closed) {
      this.#lose(frame, to.node)
      return
    }
    to.waiting.push({ arrive, frame, sentAt: this.#schedule.now })
    if (this.#isCutTowards(to.node)) to.heldCount += 1
    else this.#scheduleArrival(to)
  }

  /** Of whatever is then the first on its way. */
  #scheduleArrival(to: StreamEnd): void {
    to.lastArrivalAt = Math.max(this.#schedule.now + this.latencyMs, to.lastArrivalAt)
    this.#schedule.at(to.lastArrivalAt, () => {
      if (to.closed) return
      if (this.#isCutTowards(to.node)) to.heldCount += 1
      else this.#arrive(to)
    })
  }

  #arrive(to: StreamEnd): void {
    const parcel = to.waiting.shift()
    if (parcel === undefined) return
    const { frame, sentAt } = parcel
    if (frame !== undefined) {
      for (const observer of this.#observers) observer.frameArrived?.(frame, this.#schedule.now - sentAt, to.node)
    }
    parcel.arrive()
  }

  #close(end: StreamEnd): void {
    end.closed = true
    this.#discard(end)
    this.#ends.delete(end.connection)
  }

  #discard(end: StreamEnd): void {
    for (const { frame } of end.waiting) this.#lose(frame, end.node)
    end.waiting = []
    end.heldCount = 0
  }

  #lose(frame: Uint8Array | undefined, towards: string): void {
    if (frame !== undefined) for (const observer of this.#observers) observer.frameLost?.(frame, towards)
  }

  #openEndsOf(node: string): readonly StreamEnd[] {
    return [...this.#ends.values()].filter((end) => end.node === node && !end.closed)
  }

  #find(node: string, connection: ConnectionId): StreamEnd | undefined {
    const end = this.#ends.get(connection)
    return end?.node === node && !end.closed ? end : undefined
  }
}

function newEnd(node: string, process: StreamProcess, connection: ConnectionId): StreamEnd {
  return {
    node,
    process,
    connection,
    closed: false,
    isForsaken: false,
    wantsSecurity: false,
    lastArrivalAt: 0,
    waiting: [],
    heldCount: 0,
    peer: undefined,
  }
}
