/** Asking again and again: what is kept, since when, how often, and what an older, newer or odd partner makes of it. */
import { PartnerView } from '@tandem/api-contract'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { PartnerAsker } from './partner-asker.ts'
import type { Asked } from './partner-questions.ts'
import { readStatus } from './partner-told.ts'
import { lineIds, LogLines, statusOf } from './test-support/channel-parts.ts'

const START = Date.parse('2026-11-27T03:00:00.000Z')
const who = { partnerName: 'alpha', relationship: 'pair' }

beforeEach(() => vi.useFakeTimers({ now: START }))
afterEach(() => vi.useRealTimers())

const answered = (body: unknown): Asked => ({
  kind: 'answered',
  body,
  sentAtMs: Date.now(),
  receivedAtMs: Date.now(),
})
const silent: Asked = { kind: 'silent', problem: 'no answer within 3 s' }

function asking(first: () => Asked) {
  const log = new LogLines()
  const paths: string[] = []
  const partner = { says: first }
  const asker = new PartnerAsker({
    ...who,
    ask: async (path) => {
      paths.push(path)
      return partner.says()
    },
    clock: Date.now,
    log,
  })
  return { asker, log, paths, partner }
}

describe('the answer of the partner', () => {
  test('is kept with the time at which it came, and asked for every two seconds', async () => {
    const { asker, paths, log } = asking(() => answered(statusOf('alpha')))
    expect(asker.view()).toMatchObject({ channel: { state: 'not-asked-yet' }, asOf: null, told: null })
    asker.start()
    await vi.advanceTimersByTimeAsync(6_100)
    expect(paths).toEqual(Array.from({ length: 4 }, () => '/channel/v1/relationships/pair'))
    const view = PartnerView.parse(asker.view())
    expect(view).toMatchObject({
      serverName: 'alpha',
      channel: { state: 'answers', since: '2026-11-27T03:00:00.000Z', problem: null },
      asOf: '2026-11-27T03:00:06.000Z',
      told: { version: '1.2.3', state: 'normal', communicationsOk: false, partner: { startup: false }, stale: false },
    })
    expect(lineIds(log)).toEqual(['CHANNEL_ANSWERS'])
    asker.stop()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(paths).toHaveLength(4)
  })

  test('is kept while the partner is gone, with its age; and the partner that is back is noticed', async () => {
    const { asker, partner, log } = asking(() => answered(statusOf('alpha')))
    asker.start()
    await vi.advanceTimersByTimeAsync(100)
    partner.says = () => silent
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asker.view()).toMatchObject({
      channel: { state: 'silent', since: '2026-11-27T03:00:02.000Z', problem: 'no answer within 3 s' },
      asOf: '2026-11-27T03:00:00.000Z',
      told: { state: 'normal' },
    })
    partner.says = () => answered(statusOf('alpha'))
    await vi.advanceTimersByTimeAsync(8_000)
    expect(asker.view()).toMatchObject({ channel: { state: 'answers', problem: null } })
    expect(lineIds(log)).toEqual(['CHANNEL_ANSWERS', 'CHANNEL_SILENT', 'CHANNEL_ANSWERS'])
    asker.stop()
  })

  test('that is not there when this server starts is no news for the log, until it stays away', async () => {
    const { asker, partner, log } = asking(() => silent)
    asker.start()
    await vi.advanceTimersByTimeAsync(5_000)
    expect([asker.view().channel.state, lineIds(log)]).toEqual(['silent', []])
    await vi.advanceTimersByTimeAsync(8_000)
    expect(lineIds(log)).toEqual(['CHANNEL_SILENT'])
    partner.says = () => answered(statusOf('alpha'))
    await vi.advanceTimersByTimeAsync(8_000)
    expect(lineIds(log)).toEqual(['CHANNEL_SILENT', 'CHANNEL_ANSWERS'])
    asker.stop()
  })

  test('does not become older when the clock is set back', async () => {
    const { asker } = asking(() => answered(statusOf('alpha')))
    asker.start()
    await vi.advanceTimersByTimeAsync(2_100)
    vi.setSystemTime(START - 3_600_000)
    await vi.advanceTimersByTimeAsync(2_100)
    expect(asker.view().asOf).toBe('2026-11-27T03:00:02.000Z')
    asker.stop()
  })
})

describe('how often is asked', () => {
  async function pausesOf(asked: Asked): Promise<readonly number[]> {
    const times: number[] = []
    const { asker } = asking(() => {
      times.push(Date.now())
      return asked
    })
    asker.start()
    await vi.advanceTimersByTimeAsync(130_000)
    asker.stop()
    return times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1000)
  }

  test('becomes less where nothing answers, up to eight seconds', async () => {
    expect((await pausesOf(silent)).slice(0, 5)).toEqual([4, 8, 8, 8, 8])
  })

  test('becomes less still where somebody has to put something right', async () => {
    expect((await pausesOf({ kind: 'unusable', problem: 'TLS: no' })).slice(0, 5)).toEqual([4, 8, 16, 32, 32])
  })

  test('is at once when something has happened, but not without end', async () => {
    const { asker, paths } = asking(() => silent)
    asker.start()
    await vi.advanceTimersByTimeAsync(30_000)
    const before = paths.length
    for (let call = 0; call < 50; call += 1) asker.askSoon()
    await vi.advanceTimersByTimeAsync(600)
    expect(paths.length - before).toBe(1)
    asker.stop()
  })
})

describe('an answer', () => {
  const read = (body: unknown) => readStatus(body, who, START)

  test('of a newer partner is read as far as it is known', () => {
    const { server, relationship } = statusOf('alpha')
    const body = { server: { ...server, mood: 'good' }, relationship: { ...relationship, phase: 7 }, more: [] }
    expect(read(body)).toMatchObject({ ok: true, told: { state: 'normal', version: '1.2.3' } })
  })

  test('of an older or odd partner has gaps where it says nothing that is understood', () => {
    expect(
      read({
        server: { name: 'alpha', version: 5, stale: 'no' },
        relationship: {
          name: 'pair',
          state: 'in-a-tenth-state',
          stateSince: 'yesterday',
          partner: { state: 'normal' },
          updatesOwed: -1,
          communicationsOk: true,
        },
      }),
    ).toEqual({
      ok: true,
      told: {
        version: null,
        state: null,
        stateSince: null,
        answers: null,
        communicationsOk: true,
        lastHeardFromPartnerAt: null,
        partner: null,
        drainingPools: null,
        updatesOwed: null,
        stale: null,
        clockOffsetMs: null,
      },
    })
  })

  test('tells how far the clocks are apart, from the middle of question and answer', () => {
    const body = statusOf('alpha')
    const behind = { ...body, server: { ...body.server, now: '2026-11-27T02:59:58.500Z' } }
    expect(read(behind)).toMatchObject({ told: { clockOffsetMs: 1_500 } })
  })

  test.each([
    [null, /does not say who answers/u],
    ['hello', /does not say who answers/u],
    [[], /does not say who answers/u],
    [{ server: { name: {} } }, /does not say who answers/u],
    [{ server: { name: 'gamma' } }, /another server answers there, not alpha/u],
    [{ server: { name: 'alpha' }, relationship: { name: 'other' } }, /is not about pair/u],
    [{ server: { name: 'alpha' }, relationship: 3 }, /is not about pair/u],
  ])('%j cannot be used', (body, says) => {
    expect(read(body)).toEqual({ ok: false, problem: expect.stringMatching(says) })
  })
})
