/** Who waits, who goes first and who is dropped in the inbox. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { addMs, instant, type EngineEvent } from '@tandem/engine'
import { MessageType } from '@tandem/protocol'
import { beforeEach, describe, expect, test } from 'vitest'
import { Inbox, UNKNOWN_AGE_MS } from './inbox.ts'
import { datagram } from './test-support/fake-data-plane.ts'

const NOW = instant(1_000_000)
let dropped: string[]
let overruns: string[]
let inbox: Inbox

beforeEach(() => {
  dropped = []
  overruns = []
  inbox = new Inbox(
    { datagramsMax: 4, updatesMax: 3, otherFramesMax: 5 },
    {
      received: () => undefined,
      dropped: (reason) => dropped.push(reason),
      overrun: (connection, reason) => overruns.push(`${connection}: ${reason}`),
    },
  )
})

const silent = { received: () => undefined, dropped: () => undefined, overrun: () => undefined }

function frame(connection: number, type: number): EngineEvent {
  return { kind: 'frame-received', connection, bytes: new Uint8Array([type, 0, 0, 1]), arrivedAt: NOW }
}

function relayed(port: number, type: number): EngineEvent {
  const event = datagram(port, NOW, type)
  if (event.kind !== 'datagram-received') return event
  const bytes = new Uint8Array(34 + 4 + 4)
  bytes[0] = MessageType.RelayForw
  bytes.set([0, 9, 0, 4, type, 0, 0, 1], 34)
  return { ...event, bytes }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn()
}

async function take(atMost = 100, now = NOW): Promise<readonly string[]> {
  const events = await inbox.take(atMost, () => now)
  return events.map((event) => {
    if (event.kind === 'datagram-received') return `client ${event.from.port}`
    if (event.kind === 'frame-received') return `frame ${event.bytes[0]} of ${event.connection}`
    return event.kind
  })
}

test('states and commands come before updates, updates before known clients, those before new ones', async () => {
  inbox.push(datagram(1, NOW, MessageType.Solicit))
  inbox.push(datagram(2, NOW, MessageType.Renew))
  inbox.push(frame(9, MessageType.Bndupd))
  inbox.push(frame(9, MessageType.State))
  inbox.push({ kind: 'deadline-reached' })
  expect(await take()).toEqual(['frame 34 of 9', 'deadline-reached', 'frame 24 of 9', 'client 2', 'client 1'])
})

test('the message inside relay headers decides', async () => {
  inbox.push(relayed(1, MessageType.InformationRequest))
  inbox.push(relayed(2, MessageType.Rebind))
  expect(await take()).toEqual(['client 2', 'client 1'])
})

test('what comes in one turn of the event loop is taken together, and not after its first piece', async () => {
  const taking = take()
  inbox.push(frame(9, MessageType.Bndupd))
  // A socket's next piece comes after whoever waited for the first could go on.
  await Promise.resolve()
  inbox.push(frame(9, MessageType.Bndreply))
  expect(await taking).toEqual(['frame 24 of 9', 'frame 25 of 9'])
})

describe('while a socket has more than it hands over in one turn', () => {
  let stops = false
  const flood = (pushes: () => void): void => {
    pushes()
    if (!stops) setImmediate(() => flood(pushes))
  }

  beforeEach(() => {
    stops = false
    inbox = new Inbox({ datagramsMax: 10_000, updatesMax: 3, otherFramesMax: 5 }, silent)
  })

  test('it is read first, so that a known client passes all who came before it', async () => {
    let port = 0
    flood(() => {
      for (let each = 0; each < 32; each += 1) inbox.push(datagram((port += 1), NOW, MessageType.Solicit))
      stops = port >= 320
      if (stops) inbox.push(datagram(1000, NOW, MessageType.Request))
    })
    expect(await take(2)).toEqual(['client 1000', 'client 1'])
  })

  test('new clients are served in their order while less than half of the room is taken', async () => {
    for (const port of [1, 2, 3]) inbox.push(datagram(port, NOW, MessageType.Solicit))
    expect(await take(2)).toEqual(['client 1', 'client 2'])
  })

  test('the engine has its turn all the same if it never ends', async () => {
    flood(() => {
      for (let each = 0; each < 32; each += 1) inbox.push(datagram(1, NOW, MessageType.Solicit))
    })
    expect(await take(1)).toEqual(['client 1'])
    expect(inbox.length).toBeGreaterThan(1000)
    expect(inbox.length).toBeLessThan(4000)
    stops = true
    await turns(2)
  })
})

test('while clients wait, updates take at most half of a batch', async () => {
  for (const connection of [1, 2]) for (let n = 0; n < 3; n += 1) inbox.push(frame(connection, MessageType.Bndupd))
  for (const port of [1, 2, 3]) inbox.push(datagram(port, NOW))
  expect(await take(4)).toEqual(['frame 24 of 1', 'frame 24 of 1', 'client 1', 'client 2'])
  expect(await take(4)).toEqual(['frame 24 of 1', 'frame 24 of 2', 'client 3'])
  expect(await take(4)).toEqual(['frame 24 of 2', 'frame 24 of 2'])
})

test('when it is full the oldest SOLICIT goes first, and is counted', async () => {
  for (const port of [1, 2]) inbox.push(datagram(port, NOW, MessageType.Solicit))
  for (const port of [3, 4, 5]) inbox.push(datagram(port, NOW, MessageType.Request))
  expect(dropped).toEqual(['inbox-full'])
  expect(await take()).toEqual(['client 3', 'client 4', 'client 5', 'client 2'])
})

test('when it is full of known clients a SOLICIT does not get in, and the oldest known one makes room for a known one', async () => {
  for (const port of [1, 2, 3, 4]) inbox.push(datagram(port, NOW, MessageType.Renew))
  inbox.push(datagram(5, NOW, MessageType.Solicit))
  inbox.push(datagram(6, NOW, MessageType.Renew))
  expect(dropped).toEqual(['inbox-full', 'inbox-full'])
  expect(await take()).toEqual(['client 2', 'client 3', 'client 4', 'client 6'])
})

test('a datagram that waited longer than two seconds is dropped and counted', async () => {
  inbox.push(datagram(1, NOW))
  inbox.push(datagram(2, instant(NOW + 1)))
  expect(await take(100, instant(NOW + 2001))).toEqual(['client 2'])
  expect(dropped).toEqual(['inbox-too-old'])
})

describe('new clients', () => {
  beforeEach(() => {
    for (const port of [1, 2, 3, 4]) inbox.push(datagram(port, instant(NOW + port * 100), MessageType.Solicit))
  })

  test('are served in their order while all can be', async () => {
    expect(await take(4, instant(NOW + 500))).toEqual(['client 1', 'client 2', 'client 3', 'client 4'])
  })

  test('are served newest first where more wait than can be and than half of the room, and never at the cost of known ones', async () => {
    inbox.push(datagram(5, instant(NOW + 10), MessageType.Renew))
    expect(dropped).toEqual(['inbox-full'])
    expect(await take(3, instant(NOW + 500))).toEqual(['client 5', 'client 4', 'client 3'])
    expect(await take(3, instant(NOW + 500))).toEqual(['client 2'])
  })

  test('are dropped, and counted, once they have asked again', async () => {
    expect(await take(2, instant(NOW + 1250))).toEqual(['client 3', 'client 4'])
    expect(dropped).toEqual(['inbox-too-old', 'inbox-too-old'])
    inbox.push(datagram(5, instant(NOW + 1250)))
    expect(await take(2, instant(NOW + 1250))).toEqual(['client 5'])
  })
})

describe('a partner that sends more than it may', () => {
  test('is reported once, and its further updates are not kept', async () => {
    for (let n = 0; n < 10; n += 1) inbox.push(frame(1, MessageType.Bndupd))
    inbox.push(frame(2, MessageType.Bndupd))
    expect(overruns).toEqual([expect.stringContaining('1: the partner sent more binding updates')])
    expect(await take()).toEqual(['frame 24 of 2'])
  })

  test('may send as many as the window again once they were taken', async () => {
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < 3; n += 1) inbox.push(frame(1, MessageType.Bndupd))
      expect(await take()).toHaveLength(3)
    }
    expect(overruns).toEqual([])
  })

  test('is bounded for other frames as well', () => {
    for (let n = 0; n < 6; n += 1) inbox.push(frame(1, MessageType.Contact))
    expect(overruns).toEqual([expect.stringContaining('frames than we can take in')])
  })
})

test('frames of a closed connection are forgotten, those of others stay', async () => {
  inbox.push(frame(1, MessageType.Bndupd))
  inbox.push(frame(2, MessageType.Bndupd))
  inbox.push({ kind: 'stream-closed', connection: 1, reason: 'test' })
  expect(await take()).toEqual(['stream-closed', 'frame 24 of 2'])
})

test('a deadline waits only once', async () => {
  for (let n = 0; n < 3; n += 1) inbox.push({ kind: 'deadline-reached' })
  expect(await take()).toEqual(['deadline-reached'])
  inbox.push({ kind: 'deadline-reached' })
  expect(await take()).toEqual(['deadline-reached'])
})

test('emptied, it keeps commands and what became of the listeners', async () => {
  inbox.push(datagram(1, NOW))
  inbox.push(frame(1, MessageType.State))
  inbox.push(frame(1, MessageType.Bndupd))
  inbox.push({ kind: 'command-received', commandId: 'c', operator: 'o', command: { kind: 'shut-down' } })
  inbox.push({ kind: 'listeners-changed', down: [] })
  inbox.empty(NOW)
  expect(await take()).toEqual(['command-received', 'listeners-changed'])
})

test('what is read from the sockets just after a gap may have waited there since before it', async () => {
  inbox.empty(NOW)
  inbox.push(datagram(1, NOW))
  await turns(8)
  inbox.push(datagram(2, addMs(NOW, UNKNOWN_AGE_MS - 1)))
  inbox.push(datagram(3, addMs(NOW, UNKNOWN_AGE_MS)))
  expect(await take(100, addMs(NOW, UNKNOWN_AGE_MS))).toEqual(['client 3'])
  expect(dropped).toEqual(['inbox-too-old', 'inbox-too-old'])
})

test('however slowly they are read, the sockets are empty before a datagram counts as new', async () => {
  const later = addMs(NOW, 10 * UNKNOWN_AGE_MS)
  inbox.empty(NOW)
  for (let port = 1; port <= 5; port += 1) {
    inbox.push(datagram(port, later))
    await turns(1)
  }
  await turns(8)
  inbox.push(datagram(6, later))
  expect(await take(100, later)).toEqual(['client 6'])
})

test('while storage fails no datagram is taken', async () => {
  inbox.push(datagram(1, NOW))
  inbox.stopDatagrams()
  inbox.push(datagram(2, NOW))
  inbox.resumeDatagrams()
  inbox.push(datagram(3, NOW))
  expect(await take()).toEqual(['client 3'])
  expect(dropped).toEqual(['storage-fails'])
})

test('waiting ends when something comes, and when somebody wakes it', async () => {
  const first = take()
  inbox.push(datagram(1, NOW))
  expect(await first).toEqual(['client 1'])
  const second = take()
  inbox.wake()
  expect(await second).toEqual([])
})
