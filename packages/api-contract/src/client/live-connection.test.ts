/** The live connection against a socket and a clock in hand. */
import type { LiveClientMessage, LiveServerMessage } from '../live-events.ts'
import { describe, expect, it } from 'vitest'
import { LiveConnection, retryDelayMs } from './live-connection.ts'
import type { LiveListener, LiveSocketEvents, LiveStatus, LiveSurroundings, LiveWishes } from './live-connection.ts'

class Stage {
  time = 1_000_000
  readonly sockets: { events: LiveSocketEvents; said: LiveClientMessage[]; closed: boolean }[] = []
  readonly statuses: LiveStatus[] = []
  readonly heard: string[] = []
  #due: { at: number; act: () => void } | undefined
  readonly connection: LiveConnection

  constructor(wishes?: LiveWishes) {
    this.connection = new LiveConnection(this.#surroundings(), this.#listener(), wishes)
  }

  #surroundings(): LiveSurroundings {
    return {
      openSocket: (events) => {
        const socket = { events, said: [] as LiveClientMessage[], closed: false }
        this.sockets.push(socket)
        return {
          send: (text) => socket.said.push(JSON.parse(text) as LiveClientMessage),
          close: () => {
            socket.closed = true
          },
        }
      },
      now: () => this.time,
      chance: () => 0,
      after: (delayMs, act) => {
        const due = { at: this.time + delayMs, act }
        this.#due = due
        return () => {
          if (this.#due === due) this.#due = undefined
        }
      },
    }
  }

  #listener(): LiveListener {
    return {
      changed: ({ kind }) => this.heard.push(kind),
      began: () => this.heard.push('began'),
      missed: () => this.heard.push('missed'),
      serverTime: () => undefined,
      sessionEnded: () => this.heard.push('session ended'),
      status: (status) => this.statuses.push(status),
    }
  }

  get socket() {
    const last = this.sockets.at(-1)
    if (last === undefined) throw new Error('no socket was opened')
    return last
  }

  say(message: LiveServerMessage): void {
    this.socket.events.message(JSON.stringify(message))
  }

  hello(epoch: string, sequence: number): void {
    this.say({ event: 'hello', data: { epoch, sequence, serverName: 'alpha', heartbeatSeconds: 10 } })
  }

  pass(ms: number): void {
    this.time += ms
    const due = this.#due
    if (due === undefined || due.at > this.time) return
    this.#due = undefined
    due.act()
  }

  get phase(): string | undefined {
    return this.statuses.at(-1)?.phase
  }
}

const change = (sequence: number): LiveServerMessage => ({
  event: 'change',
  data: {
    epoch: 'first',
    sequence,
    at: '2026-11-21T12:00:00.000Z',
    commitNumber: '7',
    change: { kind: 'leases-summary', subnets: [] },
  },
})

function opened(wishes?: LiveWishes): Stage {
  const stage = new Stage(wishes)
  stage.connection.open()
  stage.hello('first', 4)
  return stage
}

describe('the live connection', () => {
  it('does not go back to what was shown whole at the beginning', () => {
    const stage = opened()
    stage.say(change(2))
    stage.socket.events.closed(1006)
    stage.pass(250)
    stage.hello('first', 12)
    expect(stage.socket.said).toEqual([{ event: 'resume', data: { epoch: 'first', fromSequence: 4 } }])
  })

  it('asks for everything when it is lost before all that is shown whole at the beginning has come, and then only once', () => {
    const stage = opened()
    stage.say(change(2))
    for (const sequence of [12, 12]) {
      stage.socket.events.closed(1006)
      stage.pass(250)
      stage.hello('first', sequence)
    }
    expect(stage.heard).toEqual(['began', 'leases-summary', 'missed'])
  })

  it('says again with each connection that it wants single leases', () => {
    const stage = opened({ singleLeases: true })
    stage.socket.events.closed(1006)
    stage.pass(250)
    stage.hello('first', 4)
    expect(stage.sockets.map(({ said }) => said[0]?.event)).toEqual(['subscribe', 'subscribe'])
  })

  it('says at once that it wants single leases, or no longer, and never twice', () => {
    const stage = new Stage()
    stage.connection.open()
    stage.connection.wish({ singleLeases: true })
    expect(stage.socket.said).toEqual([])
    stage.hello('first', 4)
    stage.connection.wish({ singleLeases: true })
    stage.connection.wish({ singleLeases: false })
    expect(stage.socket.said).toEqual([
      { event: 'subscribe', data: { singleLeases: true } },
      { event: 'subscribe', data: { singleLeases: false } },
    ])
    stage.socket.events.closed(1006)
    stage.connection.wish({ singleLeases: true })
    stage.pass(250)
    stage.hello('first', 4)
    expect(stage.socket.said[0]).toEqual({ event: 'subscribe', data: { singleLeases: true } })
  })

  it('asks for nothing that follows by itself once it is greeted for the first time', () => {
    const stage = opened()
    expect(stage.heard).toEqual(['began'])
    expect(stage.phase).toBe('live')
    expect(stage.socket.said).toEqual([])
  })

  it('resumes after a loss from the last event it saw', () => {
    const stage = opened()
    stage.say(change(9))
    stage.socket.events.closed(1006)
    expect(stage.phase).toBe('lost')
    stage.pass(250)
    stage.hello('first', 12)
    expect(stage.socket.said).toEqual([{ event: 'resume', data: { epoch: 'first', fromSequence: 9 } }])
    expect(stage.heard).toEqual(['began', 'leases-summary'])
    expect(stage.phase).toBe('live')
  })

  it('asks for everything when the server was started anew, or kept too little', () => {
    const stage = opened()
    stage.socket.events.closed(1006)
    stage.pass(250)
    stage.hello('second', 0)
    stage.say({ event: 'refetch', data: { epoch: 'second', sequence: 3, reason: 'too long ago' } })
    expect(stage.heard).toEqual(['began', 'missed', 'missed'])
  })

  it('gives up a socket that has fallen silent', () => {
    const stage = opened()
    stage.pass(24_999)
    expect(stage.phase).toBe('live')
    stage.pass(1)
    expect(stage.phase).toBe('lost')
    expect(stage.socket.closed).toBe(true)
  })

  it('tries again ever more slowly, and keeps since when it is lost', () => {
    const stage = opened()
    stage.socket.events.closed(1006)
    const since = stage.time
    stage.pass(250)
    stage.socket.events.closed(1006)
    expect(stage.statuses.at(-1)).toEqual({
      phase: 'lost',
      since,
      lastHeardAt: since,
      retryAt: stage.time + retryDelayMs(1, 0),
    })
    expect(retryDelayMs(0, 1)).toBe(500)
    expect(retryDelayMs(30, 0)).toBe(7_500)
    expect(retryDelayMs(30, 1)).toBe(15_000)
  })

  it('tries at once when asked to, but never beside an open socket', () => {
    const stage = opened()
    stage.connection.retryNow()
    expect(stage.sockets).toHaveLength(1)
    stage.socket.events.closed(1006)
    stage.connection.retryNow()
    expect(stage.sockets).toHaveLength(2)
  })

  it('asks for everything when it hears what it does not know', () => {
    const stage = opened()
    stage.socket.events.message('{"event":"novelty"}')
    expect(stage.heard).toEqual(['began', 'missed'])
  })

  it('tells when the session has ended', () => {
    const stage = opened()
    stage.socket.events.closed(4001)
    expect(stage.heard).toContain('session ended')
  })

  it('does nothing more once closed', () => {
    const stage = opened()
    stage.connection.close()
    stage.socket.events.closed(1000)
    stage.pass(60_000)
    expect(stage.sockets).toHaveLength(1)
    expect(stage.phase).toBe('live')
  })
})
