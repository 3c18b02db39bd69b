/** One console's live connection: what it may see, and what happens when it reads too slowly. */
import { LiveCloseCode } from '@tandem/api-contract'
import type { LiveServerMessage } from '@tandem/api-contract'
import type { WebSocket } from 'ws'
import { principalMay } from '../http/principal.ts'
import type { Principal } from '../http/principal.ts'
import type { LiveFeed, LiveMessage } from './live-feed.ts'

/** More than this waiting in the socket, and events are held back and coalesced. */
const WAITING_OCTETS_MAX = 262_144
/** Events that do not replace each other and are held back, before the listener is told to ask for everything. */
const HELD_BACK_MAX = 200
/** Changes of state are never left out: beyond so many the connection ends, and the listener resumes when it can. */
const TRANSITIONS_HELD_BACK_MAX = 1_000
const SLOW_MAX_MS = 30_000
const DRAIN_MS = 250

export class LiveConnection {
  singleLeases = false
  answeredPing = true
  private stopListening: (() => void) | undefined
  private readonly heldBack = new Map<string, LiveMessage>()
  private transitionsHeldBack: LiveMessage[] = []
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

  /** Everything as it is and what has happened after `sequence`, then what comes: for a console that has just been opened. */
  startFresh(sequence: number): void {
    this.start()
    for (const message of this.feed.current(sequence)) this.offer(message)
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
    if (message.event.kind === 'transition') {
      if (this.transitionsHeldBack.push(message) > TRANSITIONS_HELD_BACK_MAX) this.giveUp()
      return
    }
    if (message.key === undefined && this.heldBack.size >= HELD_BACK_MAX) this.lost = true
    else this.heldBack.set(message.key ?? `number ${message.sequence}`, message)
  }

  private drain(): void {
    if (this.socket.bufferedAmount > WAITING_OCTETS_MAX) {
      if (this.clock() - (this.slowSinceMs ?? 0) > SLOW_MAX_MS) this.giveUp()
      return
    }
    clearInterval(this.drainTimer)
    this.drainTimer = undefined
    this.slowSinceMs = undefined
    const held = [...this.heldBack.values(), ...this.transitionsHeldBack].toSorted((a, b) => a.sequence - b.sequence)
    this.heldBack.clear()
    this.transitionsHeldBack = []
    for (const message of held) this.socket.send(message.text)
    if (this.lost) this.askToRefetch('more happened than this connection could carry')
    this.lost = false
  }

  private giveUp(): void {
    this.socket.close(LiveCloseCode.tooSlow, 'reads too slowly')
    this.end()
    this.heldBack.clear()
    this.transitionsHeldBack = []
  }

  askToRefetch(reason: string): void {
    this.say({ event: 'refetch', data: { epoch: this.feed.epoch, sequence: this.feed.sequence, reason } })
  }
}
