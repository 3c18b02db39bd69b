/** A console that reads too slowly gets the newest instead of everything, and in the end is let go. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LiveCloseCode } from '@tandem/api-contract'
import type { LiveEvent } from '@tandem/api-contract'
import type { Principal } from '../http/principal.ts'
import { LiveConnection } from './live-connection.ts'
import { LiveFeed } from './live-feed.ts'

const viewer: Principal = {
  via: 'cookie',
  id: 'x',
  name: 'ada',
  operatorId: 'o',
  scope: null,
  passwordIsTemporary: false,
  role: 'viewer',
  sinceMs: 0,
  expiresAtMs: undefined,
}

/** The part of a socket that a connection uses; how much waits in it is the test's to say. */
function fakeSocket() {
  const sent: string[] = []
  const closed: number[] = []
  return {
    sent,
    closed,
    bufferedAmount: 0,
    send: (text: string) => sent.push(text),
    close: (code: number) => closed.push(code),
  }
}

const pools = (commitNumber: string): LiveEvent => ({
  kind: 'pools-changed',
  pools: { items: [], commitNumber, publishedAt: '2026-11-21T03:00:00.000Z' },
})
const transition = (number: number): LiveEvent => ({
  kind: 'transition',
  transition: {
    id: String(number),
    relationship: 'main',
    at: '2026-11-21T03:00:00.000Z',
    from: 'normal',
    to: 'communications-interrupted',
    cause: 'the connection was lost',
    rule: 'RFC 8156 8.7',
    inputs: {},
    operator: null,
  },
})
const leases: LiveEvent = { kind: 'leases-summary', subnets: [] }

let nowMs = 0
function connected(principal = viewer) {
  const feed = new LiveFeed('epoch-1', () => nowMs)
  const socket = fakeSocket()
  // The fake has all that LiveConnection calls.
  const connection = new LiveConnection(socket as never, principal, feed, () => nowMs)
  connection.start()
  const kinds = () =>
    socket.sent.map((text) => (JSON.parse(text) as { data: { change?: LiveEvent } }).data.change?.kind)
  return { feed, socket, connection, kinds }
}

beforeEach(() => {
  nowMs = 0
  vi.useFakeTimers()
})
afterEach(() => void vi.useRealTimers())

describe('what a connection may see', () => {
  const audit = { kind: 'audit', entry: {} } as LiveEvent

  it.each<[string, Partial<Principal>, readonly string[]]>([
    ['a viewer', {}, ['pools-changed', 'leases-summary']],
    ['an administrator', { role: 'administrator' }, ['pools-changed', 'leases-summary', 'audit']],
    ['a token for leases only', { role: 'administrator', scope: ['leases.read'] }, ['leases-summary']],
    ['a token for the audit only', { role: 'administrator', scope: ['audit.read'] }, ['audit']],
    ['who has to choose a password first', { role: 'administrator', passwordIsTemporary: true }, []],
  ])('%s', (_, principal, seen) => {
    const { feed, kinds } = connected({ ...viewer, ...principal })
    for (const event of [pools('1'), leases, audit]) feed.publish(event, 1)
    expect(kinds()).toEqual(seen)
  })
})

describe('a slow connection', () => {
  it('gets only the newest of what replaces itself once it reads again', () => {
    const { feed, socket, kinds } = connected()
    socket.bufferedAmount = 300_000
    for (const number of ['1', '2', '3']) feed.publish(pools(number), 1)
    feed.publish(leases, 1)
    expect(socket.sent).toEqual([])
    socket.bufferedAmount = 0
    vi.advanceTimersByTime(300)
    expect(kinds()).toEqual(['pools-changed', 'leases-summary'])
    expect(socket.sent[0]).toContain('"commitNumber":"3"')
    feed.publish(leases, 1)
    expect(kinds()).toHaveLength(3)
  })

  it('is told to ask for everything when more was held back than is worth it', () => {
    const { feed, socket } = connected()
    socket.bufferedAmount = 300_000
    for (let count = 0; count < 201; count += 1) feed.publish(leases, 1)
    socket.bufferedAmount = 0
    vi.advanceTimersByTime(300)
    expect(socket.sent).toHaveLength(201)
    expect(socket.sent.at(-1)).toContain('"refetch"')
  })

  it('loses no change of state, however much else was held back', () => {
    const { feed, socket, kinds } = connected()
    socket.bufferedAmount = 300_000
    for (let count = 0; count < 500; count += 1) {
      feed.publish(leases, 1)
      if (count % 5 === 0) feed.publish(transition(count), 1)
    }
    socket.bufferedAmount = 0
    vi.advanceTimersByTime(300)
    expect(kinds().filter((kind) => kind === 'transition')).toHaveLength(100)
    expect(socket.sent.at(-1)).toContain('"refetch"')
    const numbers = socket.sent
      .slice(0, -1)
      .map((text) => (JSON.parse(text) as { data: { sequence: number } }).data.sequence)
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
  })

  it('is closed when even those are too many, and keeps none of them', () => {
    const { feed, socket } = connected()
    socket.bufferedAmount = 300_000
    for (let count = 0; count < 1_001; count += 1) feed.publish(transition(count), 1)
    expect(socket.closed).toEqual([LiveCloseCode.tooSlow])
    socket.bufferedAmount = 0
    vi.advanceTimersByTime(300)
    expect(socket.sent).toEqual([])
  })

  it('is closed after half a minute', () => {
    const { feed, socket } = connected()
    socket.bufferedAmount = 300_000
    feed.publish(leases, 1)
    nowMs = 31_000
    vi.advanceTimersByTime(300)
    expect(socket.closed).toEqual([LiveCloseCode.tooSlow])
  })
})
