/** One console's live connection: what it may see, and what happens when it reads too slowly. */
import { LiveCloseCode } from '@tandem/api-contract'
import type { LiveServerMessage } from '@tandem/api-contract'
import type { WebSocket } from 'ws'
import { principalMay } from '../http/principal.ts'
import type { Principal } from '../http/principal.ts'
import type { LiveFeed, LiveMessage } from './live-feed.ts'

/** More than this waiting in the socket, and events are held back and coalesced. */
const WAITING_OCTETS_MAX = 262_144
/** Events of which each matters that are held back before the listener is told to ask for everything. */
const HELD_BACK_MAX = 200
const SLOW_MAX_MS = 30_000
const DRAIN_MS = 250

export class LiveConnection {
  singleLeases = false
  answeredPing = true
  private stopListening: (() => void) | undefined
  private readonly heldBack = new Map<string, LiveMessage>()
  private lost = false
  private slowSinceMs: number | undefined
  private drainTimer: NodeJS.Timeout | undefined

  constructor(
    private readonly socket: WebSocket,
    readonly principal: Principal,
    private readonly feed: LiveFeed,
    private readonly clock: () => number,
  ) {}

  get isStarted(): boolean {
    return this.stopListening !== undefined
  }

  /** Everything after `sequence`, then what comes. False: too much of it is forgotten, and nothing was sent. */
  startAfter(sequence: number): boolean {
    const missed = this.feed.since(sequence)
    if (missed === undefined) return false
    this.start()
    for (const message of missed) this.offer(message)
    return true
  }

  /** Everything as it is, then what comes: for a console that has just been opened. */
  startFresh(): void {
    this.start()
    for (const message of this.feed.current()) this.offer(message)
  }

  start(): void {
    this.stopListening ??= this.feed.listen((message) => this.offer(message))
  }

  say(message: LiveServerMessage): void {
    this.socket.send(JSON.stringify(message))
  }

  ping(): void {
    this.answeredPing = false
    this.socket.ping()
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason)
  }

  terminate(): void {
    this.socket.terminate()
  }

  end(): void {
    this.stopListening?.()
    clearInterval(this.drainTimer)
  }

  private offer(message: LiveMessage): void {
    if (!this.maySee(message)) return
    if (this.slowSinceMs === undefined && this.socket.bufferedAmount <= WAITING_OCTETS_MAX) {
      this.socket.send(message.text)
      return
    }
    this.holdBack(message)
  }

  private maySee({ event }: LiveMessage): boolean {
    if (event.kind === 'lease-changed') return this.singleLeases && principalMay(this.principal, 'leases.read')
    if (event.kind === 'leases-summary') return principalMay(this.principal, 'leases.read')
    return principalMay(this.principal, event.kind === 'audit' ? 'audit.read' : 'status.read')
  }

  private holdBack(message: LiveMessage): void {
    this.slowSinceMs ??= this.clock()
    this.drainTimer ??= setInterval(() => this.drain(), DRAIN_MS)
    if (message.key === undefined && this.heldBack.size >= HELD_BACK_MAX) this.lost = true
    else this.heldBack.set(message.key ?? `number ${message.sequence}`, message)
  }

  private drain(): void {
    if (this.socket.bufferedAmount > WAITING_OCTETS_MAX) {
      if (this.clock() - (this.slowSinceMs ?? 0) > SLOW_MAX_MS) {
        this.socket.close(LiveCloseCode.tooSlow, 'reads too slowly')
        this.end()
      }
      return
    }
    clearInterval(this.drainTimer)
    this.drainTimer = undefined
    this.slowSinceMs = undefined
    for (const message of [...this.heldBack.values()].toSorted((a, b) => a.sequence - b.sequence)) {
      this.socket.send(message.text)
    }
    this.heldBack.clear()
    if (this.lost) this.askToRefetch('more happened than this connection could carry')
    this.lost = false
  }

  askToRefetch(reason: string): void {
    this.say({ event: 'refetch', data: { epoch: this.feed.epoch, sequence: this.feed.sequence, reason } })
  }
}
