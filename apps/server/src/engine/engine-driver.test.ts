/** The driver's order of things: durable, then told; strictly in order; silent when it cannot promise. */
import { MessageType } from '@tandem/protocol'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fullBinding } from '../storage/test-support/fixtures.ts'
import { DeadlineTimer } from './deadline-timer.ts'
import { EngineDriver, type DriverEnd } from './engine-driver.ts'
import { HELD_BACK_MS } from './held-back.ts'
import { Inbox } from './inbox.ts'
import {
  auditOf,
  datagram,
  effects,
  FakeClock,
  FakeStore,
  fakeOutlets,
  replyWithChange,
  ScriptedEngine,
  sendDatagram,
  settle,
} from './test-support/fake-data-plane.ts'

const leaseChange = { kind: 'binding-put', binding: fullBinding(1) } as const

let journal: string[]
let clock: FakeClock
let store: FakeStore
let engine: ScriptedEngine
let inbox: Inbox
let ended: DriverEnd | undefined
let logged: string[]
let shown: number

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  journal = []
  logged = []
  shown = 0
  clock = new FakeClock()
  store = new FakeStore(journal)
  engine = new ScriptedEngine(journal)
  inbox = new Inbox(
    { datagramsMax: 100, updatesMax: 10, otherFramesMax: 10 },
    { received: () => undefined, dropped: () => undefined, overrun: () => undefined },
  )
  const driver = new EngineDriver({
    engine,
    inbox,
    store,
    clock,
    outlets: fakeOutlets(journal),
    timer: new DeadlineTimer(clock, () => inbox.push({ kind: 'deadline-reached' })),
    lastCommitNumber: 7,
    released: () => {
      shown += 1
    },
    committed: () => undefined,
    log: (level, message) => logged.push(`${level}: ${message}`),
  })
  ended = undefined
  void driver.run().then((end) => {
    ended = end
  })
  await settle()
})

afterEach(() => vi.useRealTimers())

/** Both clocks: the one that the driver reads and that of the timers. */
async function pass(ms: number): Promise<void> {
  clock.advance(ms)
  await vi.advanceTimersByTimeAsync(ms)
  await settle()
}

function shutDown(): void {
  inbox.push({ kind: 'command-received', commandId: 'stop', operator: 'system', command: { kind: 'shut-down' } })
}

describe('durable, then told', () => {
  test('before anything else "running until" is written ahead of the clock', () => {
    expect(store.commits).toEqual([
      { number: 8, changes: [], atMs: clock.now(), runningUntilMs: clock.now() + 3000, promises: false },
    ])
  })

  test('a reply waits for its commit', async () => {
    store.answersAtOnce = false
    inbox.push(datagram(1, clock.now()))
    await settle()
    expect(journal).toEqual(['committed 8', 'handled 1'])
    store.finish()
    await settle()
    expect(journal).toEqual(['committed 8', 'handled 1', 'committed 9', 'datagram 1'])
  })

  test('what arrives during a commit is the next batch: one commit for all, released in order of arrival', async () => {
    store.answersAtOnce = false
    inbox.push(datagram(1, clock.now()))
    await settle()
    for (const port of [2, 3, 4]) inbox.push(datagram(port, clock.now()))
    await settle()
    expect(journal).toEqual(['committed 8', 'handled 1'])
    store.finish()
    await settle()
    store.finish()
    await settle()
    expect(journal.slice(2)).toEqual([
      'committed 9',
      'datagram 1',
      'handled 2',
      'handled 3',
      'handled 4',
      'committed 10',
      'datagram 2',
      'datagram 3',
      'datagram 4',
    ])
    expect(store.commits.at(-1)?.changes).toEqual([auditOf(2), auditOf(3), auditOf(4)])
  })

  test('a repeated request that changes nothing more still waits for the commit of the first', async () => {
    store.answersAtOnce = false
    inbox.push(datagram(1, clock.now()))
    await settle()
    engine.answer = () => effects([sendDatagram(1, MessageType.Reply)])
    inbox.push(datagram(1, clock.now()))
    await settle()
    expect(journal).not.toContain('datagram 1')
    store.finish()
    await settle()
    expect(journal.filter((line) => line === 'datagram 1')).toHaveLength(1)
    store.finish()
    await settle()
    expect(journal.filter((line) => line === 'datagram 1')).toHaveLength(2)
  })

  test('an ADVERTISE does not wait for the commit of what came with it, nor is that shown before it', async () => {
    store.answersAtOnce = false
    const shownBefore = shown
    engine.answer = (event) =>
      event.kind === 'datagram-received' && event.from.port === 2
        ? effects([sendDatagram(2, MessageType.Advertise)])
        : replyWithChange(event)
    inbox.push(datagram(1, clock.now(), MessageType.Request))
    inbox.push(datagram(2, clock.now(), MessageType.Solicit))
    await settle()
    expect(journal.slice(1)).toEqual(['handled 1', 'handled 2', 'datagram 2'])
    expect(shown).toBe(shownBefore)
    store.finish()
    await settle()
    expect(journal.slice(-2)).toEqual(['committed 9', 'datagram 1'])
    expect(shown).toBe(shownBefore + 1)
  })

  test('a frame that promises nothing keeps its place behind the one that does', async () => {
    store.answersAtOnce = false
    const sendFrame = (connection: number, type: number) =>
      ({ kind: 'send-frame', connection, bytes: new Uint8Array([0, 4, type, 0, 0, 1]) }) as const
    engine.answer = (event) =>
      effects([
        event.kind === 'datagram-received' && event.from.port === 1
          ? sendFrame(1, MessageType.State)
          : sendFrame(2, MessageType.Contact),
      ])
    inbox.push(datagram(1, clock.now()))
    inbox.push(datagram(2, clock.now()))
    await settle()
    expect(journal.filter((line) => line.startsWith('frame'))).toEqual([])
    store.finish()
    await settle()
    expect(journal.filter((line) => line.startsWith('frame'))).toEqual(['frame 1', 'frame 2'])
  })

  describe('a change of which nobody is told', () => {
    beforeEach(() => {
      engine.answer = () => effects([], [leaseChange])
    })

    test('is committed together with the next promise', async () => {
      inbox.push(datagram(1, clock.now()))
      await settle()
      expect(store.commits).toHaveLength(1)
      engine.answer = replyWithChange
      inbox.push(datagram(2, clock.now()))
      await settle()
      expect(store.commits.at(-1)).toMatchObject({ number: 9, changes: [leaseChange, auditOf(2)], promises: true })
      expect(journal.at(-1)).toBe('datagram 2')
    })

    test('is committed by itself after 200 ms, however much of its kind still comes', async () => {
      for (let passedMs = 0; passedMs < HELD_BACK_MS; passedMs += 50) {
        inbox.push(datagram(passedMs, clock.now()))
        await settle()
        expect(store.commits).toHaveLength(1)
        await pass(50)
      }
      expect(store.commits).toHaveLength(2)
      expect(store.commits.at(-1)).toMatchObject({ changes: Array<unknown>(4).fill(leaseChange), promises: false })
      await pass(HELD_BACK_MS)
      expect(store.commits).toHaveLength(2)
    })

    test('does not keep an ADVERTISE waiting, and is shown at once', async () => {
      const shownBefore = shown
      inbox.push(datagram(1, clock.now()))
      await settle()
      expect({ commits: store.commits.length, shown }).toEqual({ commits: 1, shown: shownBefore + 1 })
      engine.answer = () => effects([sendDatagram(2, MessageType.Advertise)])
      inbox.push(datagram(2, clock.now(), MessageType.Solicit))
      await settle()
      expect(journal.at(-1)).toBe('datagram 2')
      expect(store.commits).toHaveLength(1)
    })

    test('is on the disk when the server has shut down', async () => {
      inbox.push(datagram(1, clock.now()))
      await settle()
      engine.answer = () => effects([{ kind: 'shut-down-complete' }])
      shutDown()
      await settle()
      expect(ended).toEqual({ kind: 'shut-down' })
      expect(store.commits.flatMap(({ changes }) => changes)).toEqual([leaseChange])
    })

    test('of a state is not held back', async () => {
      engine.answer = () => effects([], [auditOf(1)])
      inbox.push(datagram(1, clock.now()))
      await settle()
      expect(store.commits).toHaveLength(2)
    })
  })

  test('an ADVERTISE alone needs no disk, a REPLY that changes nothing does', async () => {
    store.answersAtOnce = false
    engine.answer = () => effects([sendDatagram(1, MessageType.Advertise)])
    inbox.push(datagram(1, clock.now(), MessageType.Solicit))
    await settle()
    expect(journal.slice(1)).toEqual(['handled 1', 'datagram 1'])
    engine.answer = () => effects([sendDatagram(2, MessageType.Reply)])
    inbox.push(datagram(2, clock.now(), MessageType.InformationRequest))
    await settle()
    expect(store.isCommitting).toBe(true)
    expect(journal).not.toContain('datagram 2')
  })

  test('notices come last', async () => {
    engine.answer = (event) => ({
      ...replyWithChange(event),
      notices: [{ kind: 'datagram-answered', requestType: 'REQUEST', answerType: 'REPLY' }],
    })
    inbox.push(datagram(1, clock.now()))
    inbox.push(datagram(2, clock.now()))
    await settle()
    expect(journal.slice(-4)).toEqual(['datagram 1', 'datagram 2', 'notices 1 of 9', 'notices 1 of 9'])
  })
})

describe('commits that fail', () => {
  const failed = { ok: false, failure: 'failed', detail: 'input/output error' } as const

  test('a commit is tried again under the same number and with the same changes', async () => {
    store.nextFailures = [failed, failed]
    inbox.push(datagram(1, clock.now()))
    await settle()
    expect(journal).not.toContain('datagram 1')
    await pass(100)
    await pass(100)
    expect(journal.slice(-2)).toEqual(['committed 9', 'datagram 1'])
    expect(store.commits.slice(1).map((commit) => commit.number)).toEqual([9, 9, 9])
    expect(new Set(store.commits.slice(1).map((commit) => JSON.stringify(commit))).size).toBe(1)
  })

  test('after three seconds clients and partner are left alone, and what was decided is never told', async () => {
    store.answersAtOnce = false
    inbox.push(datagram(1, clock.now()))
    await settle()
    await pass(3001)
    expect(journal).toContain('close all')
    expect(logged.join()).toContain('storage has failed for three seconds')
    inbox.push(datagram(2, clock.now()))
    store.finish()
    await pass(1000)
    expect(journal).not.toContain('datagram 1')
    expect(engine.handled.map((event) => event.kind)).toEqual(['datagram-received', 'time-gap'])
  })

  test('after thirty seconds more the process ends with the reason', async () => {
    store.nextFailures = Array.from({ length: 1000 }, () => ({ ...failed, failure: 'disk-full' as const }))
    inbox.push(datagram(1, clock.now()))
    await settle()
    await pass(32_900)
    expect(ended).toBeUndefined()
    await pass(200)
    expect(ended).toEqual({ kind: 'failed', reason: expect.stringContaining('the disk is full') })
    expect(logged.filter((line) => line.startsWith('alarm: the disk is full'))).toHaveLength(1)
    expect(journal).not.toContain('datagram 1')
  })

  test('a broken rule of the storage ends the process at once', async () => {
    store.nextFailures = [{ ok: false, failure: 'constraint', detail: 'NOT NULL constraint failed' }]
    inbox.push(datagram(1, clock.now()))
    await settle()
    expect(ended).toEqual({ kind: 'failed', reason: expect.stringContaining('NOT NULL constraint failed') })
    expect(store.commits).toHaveLength(2)
  })
})

describe('time', () => {
  test('"running until" is renewed every second although nothing happens', async () => {
    const before = store.commits.length
    for (let second = 0; second < 5; second += 1) await pass(1000)
    expect(store.commits.length - before).toBe(5)
    expect(store.commits.at(-1)).toMatchObject({ changes: [], promises: false, runningUntilMs: clock.now() + 3000 })
  })

  test('when the clock has passed "running until", the engine hears of the gap and of nothing said before it', async () => {
    const ranUntil = store.commits[0]?.runningUntilMs
    clock.advance(3001)
    inbox.push(datagram(1, clock.now()))
    inbox.push({ kind: 'command-received', commandId: 'c', operator: 'o', command: { kind: 'shut-down' } })
    await settle()
    expect(engine.handled).toEqual([
      { kind: 'time-gap', from: ranUntil },
      { kind: 'command-received', commandId: 'c', operator: 'o', command: { kind: 'shut-down' } },
    ])
    expect(journal).toContain('close all')
  })

  test('a process that is suspended while it decides has heard its clients before that', async () => {
    const heardAt = clock.now()
    engine.whileHandling = () => clock.advance(120_000)
    inbox.push(datagram(1, heardAt))
    inbox.push(datagram(2, heardAt))
    await settle()
    expect(engine.moments.slice(0, 2)).toEqual([heardAt, heardAt])
    await pass(1000)
    expect(journal).not.toContain('datagram 1')
    expect(engine.handled.slice(0, 3).map(({ kind }) => kind)).toEqual([
      'datagram-received',
      'datagram-received',
      'time-gap',
    ])
  })

  test('a commit that ends after its own "running until" releases no packet', async () => {
    store.answersAtOnce = false
    inbox.push(datagram(1, clock.now()))
    await settle()
    clock.advance(3001)
    store.finish()
    await settle()
    expect(journal).not.toContain('datagram 1')
  })
})

test('shutting down commits what was decided, says until when it ran, and ends', async () => {
  inbox.push(datagram(1, clock.now()))
  shutDown()
  await settle()
  expect(journal).toContain('datagram 1')
  expect(ended).toEqual({ kind: 'shut-down' })
  expect(store.commits.at(-1)).toMatchObject({ changes: [], runningUntilMs: clock.now() })
})
