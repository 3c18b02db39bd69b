/** One WebSocket to a server: it counts what it heard, resumes after a loss, and tries again ever more slowly. */
import { LiveCloseCode, LiveServerMessage } from '../live-events.ts'
import type { LiveClientMessage, LiveEvent } from '../live-events.ts'

export type LiveStatus =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'live'; readonly lastHeardAt: number }
  /** `lastHeardAt` is null when the server was never heard in this page. */
  | { readonly phase: 'lost'; readonly since: number; readonly lastHeardAt: number | null; readonly retryAt: number }

export interface LiveSocket {
  send(text: string): void
  /** Nothing more is heard of it after this. */
  close(): void
}

export interface LiveSocketEvents {
  message(data: unknown): void
  closed(code: number): void
}

export interface LiveSurroundings {
  openSocket(events: LiveSocketEvents): LiveSocket
  now(): number
  /** Between 0 and 1: keeps many consoles from coming back in the same moment. */
  chance(): number
  /** Answers how to call it off. */
  after(delayMs: number, act: () => void): () => void
}

export interface LiveListener {
  /** `at`: the server's clock. */
  changed(event: LiveEvent, at: string): void
  /**
   * Greeted for the first time: what is shown whole (server, relationships, pools) follows without being asked for. Of the
   * rest only what comes from now on is told, so that an answer from before may be too old.
   */
  began(): void
  /** Events were missed: everything is to be asked for again. */
  missed(): void
  serverTime(at: string): void
  status(status: LiveStatus): void
  sessionEnded(): void
}

export interface LiveWishes {
  /** Each lease that changes, and not only their sum; those of a gap are lost. */
  readonly singleLeases: boolean
}

const RETRY_FIRST_MS = 500
const RETRY_MAX_MS = 15_000
const HEARTBEATS_MISSED_MAX = 2.5
const HELLO_WITHIN_MS = 10_000

export function retryDelayMs(attempt: number, chance: number): number {
  const full = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** attempt)
  return Math.round(full / 2 + (full / 2) * chance)
}

interface Position {
  readonly epoch: string
  readonly sequence: number
}

export class LiveConnection {
  readonly #surroundings: LiveSurroundings
  readonly #listener: LiveListener
  #wishes: LiveWishes
  #isGreeted = false
  #socket: LiveSocket | undefined
  #position: Position | undefined
  /** All that is shown whole at the beginning has come, or was to be asked for. */
  #isBegun = false
  #attempt = 0
  #silenceMaxMs = HELLO_WITHIN_MS
  #lastHeardAt: number | null = null
  #lostSince: number | undefined
  #callOff: () => void = () => undefined
  #closed = false

  constructor(surroundings: LiveSurroundings, listener: LiveListener, wishes: LiveWishes = { singleLeases: false }) {
    this.#surroundings = surroundings
    this.#listener = listener
    this.#wishes = wishes
  }

  open(): void {
    this.#listener.status({ phase: 'connecting' })
    this.#connect()
  }

  retryNow(): void {
    if (this.#socket !== undefined || this.#closed) return
    this.#connect()
  }

  /** From now on, and with each connection to come. */
  wish(wishes: LiveWishes): void {
    const isNew = wishes.singleLeases !== this.#wishes.singleLeases
    this.#wishes = wishes
    if (isNew && this.#isGreeted) this.#say({ event: 'subscribe', data: wishes })
  }

  close(): void {
    this.#closed = true
    this.#callOff()
    this.#socket?.close()
  }

  #connect(): void {
    if (this.#closed) return
    this.#socket = this.#surroundings.openSocket({
      message: (data) => this.#receive(data),
      closed: (code) => {
        if (code === LiveCloseCode.sessionEnded) this.#listener.sessionEnded()
        this.#lose()
      },
    })
    this.#wait(HELLO_WITHIN_MS, () => this.#abandon())
  }

  /** There is one deadline at a time: the end of patience, or the next attempt. */
  #wait(delayMs: number, act: () => void): void {
    this.#callOff()
    this.#callOff = this.#surroundings.after(delayMs, act)
  }

  #lose(): void {
    if (this.#closed) return
    this.#socket = undefined
    this.#isGreeted = false
    const now = this.#surroundings.now()
    const delayMs = retryDelayMs(this.#attempt, this.#surroundings.chance())
    this.#attempt += 1
    this.#lostSince ??= now
    this.#listener.status({
      phase: 'lost',
      since: this.#lostSince,
      lastHeardAt: this.#lastHeardAt,
      retryAt: now + delayMs,
    })
    this.#wait(delayMs, () => this.#connect())
  }

  /** A socket may look open long after its other end is gone. */
  #abandon(): void {
    this.#socket?.close()
    this.#lose()
  }

  #receive(data: unknown): void {
    this.#attempt = 0
    this.#lostSince = undefined
    this.#lastHeardAt = this.#surroundings.now()
    const message = readMessage(data)
    if (message?.event === 'hello') this.#silenceMaxMs = message.data.heartbeatSeconds * 1000 * HEARTBEATS_MISSED_MAX
    this.#listener.status({ phase: 'live', lastHeardAt: this.#lastHeardAt })
    this.#wait(this.#silenceMaxMs, () => this.#abandon())
    // What this version does not know may be what it should have shown.
    if (message === undefined) this.#miss()
    else this.#act(message)
  }

  #act(message: LiveServerMessage): void {
    switch (message.event) {
      case 'hello':
        this.#greet({ epoch: message.data.epoch, sequence: message.data.sequence })
        return
      case 'refetch':
        this.#position = { epoch: message.data.epoch, sequence: message.data.sequence }
        this.#miss()
        return
      case 'change':
        this.#advance({ epoch: message.data.epoch, sequence: message.data.sequence })
        this.#listener.serverTime(message.data.at)
        this.#listener.changed(message.data.change, message.data.at)
        return
      case 'heartbeat':
        this.#listener.serverTime(message.data.at)
        return
      case 'resumed':
      case 'problem':
        return
    }
  }

  /** What is shown whole at the beginning may be older than the place where the stream stood, and comes in order before the rest. */
  #advance(to: Position): void {
    const isBehind = this.#position?.epoch === to.epoch && this.#position.sequence > to.sequence
    if (isBehind) return
    this.#position = to
    this.#isBegun = true
  }

  /** The same life of the server: go on where we were. Another one: everything may be different. */
  #greet(here: Position): void {
    this.#isGreeted = true
    if (this.#wishes.singleLeases) this.#say({ event: 'subscribe', data: { singleLeases: true } })
    const before = this.#position
    if (before?.epoch === here.epoch) {
      this.#say({ event: 'resume', data: { epoch: here.epoch, fromSequence: before.sequence } })
      // Lost in the middle of the beginning, of which nobody tells the rest.
      if (!this.#isBegun) this.#miss()
      return
    }
    this.#position = here
    if (before === undefined) this.#listener.began()
    else this.#miss()
  }

  #miss(): void {
    this.#isBegun = true
    this.#listener.missed()
  }

  #say(message: LiveClientMessage): void {
    this.#socket?.send(JSON.stringify(message))
  }
}

function readMessage(data: unknown): LiveServerMessage | undefined {
  if (typeof data !== 'string') return undefined
  try {
    const parsed = LiveServerMessage.safeParse(JSON.parse(data))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}
