/** TCP between the two servers: in order, with delay, and able to vanish without a word. */
import type { ConnectionId } from '@tandem/engine'
import type { Schedule } from './schedule.ts'

/** What a server process does with its end of a connection. */
export interface StreamEnd {
  opened(connection: ConnectionId, direction: 'dialled' | 'accepted', relationship: string | undefined): void
  dialFailed(relationship: string, reason: string): void
  secured(connection: ConnectionId): void
  frame(connection: ConnectionId, bytes: Uint8Array): void
  closed(connection: ConnectionId, reason: string): void
}

interface Link {
  readonly dialler: { readonly node: string; readonly connection: ConnectionId }
  readonly acceptor: { readonly node: string; readonly connection: ConnectionId }
  open: boolean
  securing: number
  /** When the last frame sent each way arrives, so that later ones never overtake it. */
  lastArrival: { dialler: number; acceptor: number }
}

export class StreamNetwork {
  readonly #schedule: Schedule
  readonly #ends = new Map<string, StreamEnd>()
  readonly #links: Link[] = []
  #nextConnection = 1
  #cut = false
  latencyMs = 1

  constructor(schedule: Schedule) {
    this.#schedule = schedule
  }

  attach(node: string, end: StreamEnd): void {
    this.#ends.set(node, end)
  }

  /** The process is gone: the peer's kernel is told, unless the wire is cut. */
  detach(node: string): void {
    this.#ends.delete(node)
    for (const link of this.#links.filter((candidate) => candidate.open && touches(candidate, node))) {
      const peer = link.dialler.node === node ? link.acceptor : link.dialler
      this.#close(link, peer, 'the peer’s process ended')
    }
  }

  /** Nothing passes, and nobody is told. */
  cut(): void {
    this.#cut = true
  }

  mend(): void {
    this.#cut = false
  }

  get isCut(): boolean {
    return this.#cut
  }

  dial(from: string, to: string, relationship: string): void {
    this.#schedule.after(this.latencyMs, () => {
      const dialler = this.#ends.get(from)
      const acceptor = this.#ends.get(to)
      if (dialler === undefined) return
      if (this.#cut || acceptor === undefined) {
        this.#schedule.after(this.#cut ? 1_000 : this.latencyMs, () => {
          this.#ends.get(from)?.dialFailed(relationship, this.#cut ? 'timed out' : 'connection refused')
        })
        return
      }
      const link: Link = {
        dialler: { node: from, connection: this.#nextConnection },
        acceptor: { node: to, connection: this.#nextConnection + 1 },
        open: true,
        securing: 0,
        lastArrival: { dialler: 0, acceptor: 0 },
      }
      this.#nextConnection += 2
      this.#links.push(link)
      acceptor.opened(link.acceptor.connection, 'accepted', undefined)
      dialler.opened(link.dialler.connection, 'dialled', relationship)
    })
  }

  /** Both sides must ask; then both are told. */
  secure(node: string, connection: ConnectionId): void {
    const link = this.#linkOf(node, connection)
    if (link === undefined) return
    link.securing += 1
    if (link.securing < 2) return
    this.#schedule.after(2 * this.latencyMs, () => {
      if (!link.open || this.#cut) return
      this.#ends.get(link.acceptor.node)?.secured(link.acceptor.connection)
      this.#ends.get(link.dialler.node)?.secured(link.dialler.connection)
    })
  }

  send(node: string, connection: ConnectionId, bytes: Uint8Array): void {
    const link = this.#linkOf(node, connection)
    if (link === undefined || this.#cut) return
    const side = link.dialler.node === node ? 'acceptor' : 'dialler'
    const at = Math.max(this.#schedule.now + this.latencyMs, link.lastArrival[side])
    link.lastArrival[side] = at
    const to = link[side]
    this.#schedule.at(at, () => {
      if (link.open && !this.#cut) this.#ends.get(to.node)?.frame(to.connection, bytes)
    })
  }

  close(node: string, connection: ConnectionId, reason: string): void {
    const link = this.#linkOf(node, connection)
    if (link === undefined) return
    const side = link.dialler.node === node ? 'acceptor' : 'dialler'
    const at = Math.max(this.#schedule.now + this.latencyMs, link.lastArrival[side])
    this.#schedule.at(at, () => {
      this.#close(link, link[side], `closed by the peer: ${reason}`)
    })
  }

  #close(link: Link, told: { readonly node: string; readonly connection: ConnectionId }, reason: string): void {
    if (!link.open) return
    link.open = false
    if (this.#cut) return
    this.#schedule.after(this.latencyMs, () => this.#ends.get(told.node)?.closed(told.connection, reason))
  }

  #linkOf(node: string, connection: ConnectionId): Link | undefined {
    return this.#links.find(
      (link) =>
        link.open &&
        ((link.dialler.node === node && link.dialler.connection === connection) ||
          (link.acceptor.node === node && link.acceptor.connection === connection)),
    )
  }
}

function touches(link: Link, node: string): boolean {
  return link.dialler.node === node || link.acceptor.node === node
}
