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

interface StreamEnd {
  readonly node: string
  readonly process: StreamProcess
  readonly connection: ConnectionId
  closed: boolean
  wantsSecurity: boolean
  /** When the last thing sent to this end arrives, so that later ones never overtake it. */
  lastArrivalAt: number
  /** On its way to this end, in order. */
  waiting: (() => void)[]
  /** How much of that would have arrived by now if the wire had not been cut: TCP repeats it until it passes. */
  heldCount: number
}

interface Link {
  readonly ends: readonly [StreamEnd, StreamEnd]
}

/** A dialler gives up after so long without an answer. */
const DIAL_TIMEOUT_MS = 1_000

export class StreamNetwork {
  readonly #schedule: Schedule
  readonly #processes = new Map<string, StreamProcess>()
  #links: Link[] = []
  #nextConnection = 1
  #isCut = false
  latencyMs = 1

  constructor(schedule: Schedule) {
    this.#schedule = schedule
  }

  attach(node: string, process: StreamProcess): void {
    this.#processes.set(node, process)
  }

  /** The process is gone: its kernel closes what it had open, and goes on sending what was given to it. */
  detach(node: string): void {
    this.#processes.delete(node)
    for (const { end, peer } of this.#openEnds().filter((pair) => pair.end.node === node)) {
      end.closed = true
      this.#tellClosed(peer, 'the process of the peer ended')
    }
  }

  /** The whole machine is gone: what the cut wire still held of it is never sent. */
  destroy(node: string): void {
    for (const { end, peer } of this.#openEnds()) {
      if (end.node === node) discard(peer)
    }
    this.detach(node)
  }

  /** Nothing passes, and nobody is told. */
  cut(): void {
    this.#isCut = true
  }

  mend(): void {
    this.#isCut = false
    for (const link of this.#links) {
      for (const end of link.ends) {
        const { heldCount } = end
        end.heldCount = 0
        for (let count = 0; count < heldCount; count += 1) this.#scheduleArrival(end)
      }
    }
  }

  get isCut(): boolean {
    return this.#isCut
  }

  /** Every connection breaks, and both ends are told. */
  reset(): void {
    for (const { end } of this.#openEnds()) this.#tellClosed(end, 'connection reset')
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
      if (this.#isCut) fail(DIAL_TIMEOUT_MS, 'timed out')
      else if (acceptor === undefined) fail(this.latencyMs, 'connection refused')
      else this.#open(newEnd(from, dialler, this.#takeId()), newEnd(to, acceptor, this.#takeId()), relationship)
    })
  }

  /** Both sides must ask; then both are told. */
  secure(node: string, connection: ConnectionId): void {
    const found = this.#find(node, connection)
    if (found === undefined) return
    found.end.wantsSecurity = true
    if (!found.peer.wantsSecurity) return
    for (const end of [found.end, found.peer]) {
      this.#send(end, () => {
        end.process.secured(end.connection)
      })
    }
  }

  send(node: string, connection: ConnectionId, bytes: Uint8Array): void {
    const peer = this.#find(node, connection)?.peer
    if (peer === undefined) return
    this.#send(peer, () => {
      peer.process.frame(peer.connection, bytes)
    })
  }

  close(node: string, connection: ConnectionId, reason: string): void {
    const found = this.#find(node, connection)
    if (found === undefined) return
    found.end.closed = true
    this.#tellClosed(found.peer, `closed by the peer: ${reason}`)
  }

  #takeId(): ConnectionId {
    const id = this.#nextConnection
    this.#nextConnection += 1
    return id
  }

  #open(dialler: StreamEnd, acceptor: StreamEnd, relationship: string): void {
    this.#links = this.#links.filter(({ ends }) => ends.some((end) => !end.closed))
    this.#links.push({ ends: [dialler, acceptor] })
    acceptor.process.opened(acceptor.connection, 'accepted', undefined)
    dialler.process.opened(dialler.connection, 'dialled', relationship)
  }

  #tellClosed(end: StreamEnd, reason: string): void {
    this.#send(end, () => {
      end.closed = true
      end.process.closed(end.connection, reason)
    })
  }

  #send(to: StreamEnd, arrive: () => void): void {
    to.waiting.push(arrive)
    if (this.#isCut) to.heldCount += 1
    else this.#scheduleArrival(to)
  }

  /** Of whatever is then the first on its way. */
  #scheduleArrival(to: StreamEnd): void {
    to.lastArrivalAt = Math.max(this.#schedule.now + this.latencyMs, to.lastArrivalAt)
    this.#schedule.at(to.lastArrivalAt, () => {
      if (this.#isCut) to.heldCount += 1
      else if (!to.closed) to.waiting.shift()?.()
    })
  }

  #openEnds(): readonly { readonly end: StreamEnd; readonly peer: StreamEnd }[] {
    return this.#links
      .flatMap(({ ends: [first, second] }) => [
        { end: first, peer: second },
        { end: second, peer: first },
      ])
      .filter(({ end }) => !end.closed)
  }

  #find(node: string, connection: ConnectionId): { readonly end: StreamEnd; readonly peer: StreamEnd } | undefined {
    return this.#openEnds().find(({ end }) => end.node === node && end.connection === connection)
  }
}

function newEnd(node: string, process: StreamProcess, connection: ConnectionId): StreamEnd {
  return { node, process, connection, closed: false, wantsSecurity: false, lastArrivalAt: 0, waiting: [], heldCount: 0 }
}

function discard(end: StreamEnd): void {
  end.waiting = []
  end.heldCount = 0
}
