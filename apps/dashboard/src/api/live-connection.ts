/** The one WebSocket of the console: it counts what it heard, resumes after a loss, and tries again ever more slowly. */
import { LiveCloseCode, LiveServerMessage } from '@tandem/api-contract'
import type { LiveClientMessage, LiveEvent } from '@tandem/api-contract'

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
  changed(event: LiveEvent): void
  /** Events were missed: everything is to be asked for again. */
  missed(): void
  serverTime(at: string): void
  status(status: LiveStatus): void
  sessionEnded(): void
}

export interface LiveConnection {
  retryNow(): void
  close(): void
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

export function openLiveConnection(surroundings: LiveSurroundings, listener: LiveListener): LiveConnection {
  let socket: LiveSocket | undefined
  let position: Position | undefined
  let attempt = 0
  let silenceMaxMs = HELLO_WITHIN_MS
  let lastHeardAt: number | null = null
  let lostSince: number | undefined
  let calledOff = (): void => undefined
  let closed = false

  const listenFor = (delayMs: number, act: () => void): void => {
    calledOff()
    calledOff = surroundings.after(delayMs, act)
  }

  const lost = (): void => {
    if (closed) return
    socket = undefined
    const delayMs = retryDelayMs(attempt, surroundings.chance())
    attempt += 1
    lostSince ??= surroundings.now()
    listener.status({ phase: 'lost', since: lostSince, lastHeardAt, retryAt: surroundings.now() + delayMs })
    listenFor(delayMs, connect)
  }

  const heard = (): void => {
    attempt = 0
    lostSince = undefined
    lastHeardAt = surroundings.now()
    listener.status({ phase: 'live', lastHeardAt })
    listenFor(silenceMaxMs, abandon)
  }

  /** A socket may look open long after its other end is gone. */
  const abandon = (): void => {
    socket?.close()
    lost()
  }

  const greet = (here: Position): void => {
    if (position === undefined || position.epoch !== here.epoch) {
      position = here
      listener.missed()
      return
    }
    say({ event: 'resume', data: { epoch: position.epoch, fromSequence: position.sequence } })
  }

  const say = (message: LiveClientMessage): void => socket?.send(JSON.stringify(message))

  const hear = (message: LiveServerMessage): void => {
    heard()
    switch (message.event) {
      case 'hello':
        silenceMaxMs = message.data.heartbeatSeconds * 1000 * HEARTBEATS_MISSED_MAX
        greet({ epoch: message.data.epoch, sequence: message.data.sequence })
        return
      case 'refetch':
        position = { epoch: message.data.epoch, sequence: message.data.sequence }
        listener.missed()
        return
      case 'change':
        position = { epoch: message.data.epoch, sequence: message.data.sequence }
        listener.serverTime(message.data.at)
        listener.changed(message.data.change)
        return
      case 'heartbeat':
        listener.serverTime(message.data.at)
        return
      case 'resumed':
      case 'problem':
        return
    }
  }

  const connect = (): void => {
    if (closed) return
    socket = surroundings.openSocket({
      message: (data) => {
        const message = readMessage(data)
        // What this version does not know may be what it should have shown.
        if (message === undefined) listener.missed()
        else hear(message)
      },
      closed: (code) => {
        if (code === LiveCloseCode.sessionEnded) listener.sessionEnded()
        lost()
      },
    })
    listenFor(HELLO_WITHIN_MS, abandon)
  }

  listener.status({ phase: 'connecting' })
  connect()
  return {
    retryNow: () => {
      if (socket === undefined && !closed) {
        calledOff()
        connect()
      }
    },
    close: () => {
      closed = true
      calledOff()
      socket?.close()
    },
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
