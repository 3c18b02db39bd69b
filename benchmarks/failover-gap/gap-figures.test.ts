/** What is read out of the records of clients around a failure. */
import { expect, test } from 'vitest'
import type { ClientRecord } from './client-records.ts'
import { gapFigures, wrongBefore } from './gap-figures.ts'

const failure = { atMs: 1000, server: 'a' }

function record(startedAtMs: number, answeredAtMs: number | undefined, more: Partial<ClientRecord> = {}): ClientRecord {
  const answeredBy = answeredAtMs === undefined ? undefined : answeredAtMs < failure.atMs ? 'a' : 'b'
  return {
    kind: 'new',
    startedAtMs,
    messages: 1,
    answeredAtMs,
    answeredBy,
    grantedAtMs: answeredAtMs,
    refusals: 0,
    ...more,
  }
}

/** One every 100 ms; those of 1000 and 1100 find nobody and ask again a second later; from 1200 on all is well. */
const outage = [
  record(900, 902),
  record(1000, 2053, { messages: 2 }),
  record(1100, 2180, { messages: 2 }),
  record(1200, 1203),
  record(1300, 1302),
]

test('a gap shorter than the timers of clients: first answer, service, and the client of the moment are three things', () => {
  expect(gapFigures(outage, failure)).toEqual({
    firstAnswer: 203,
    answeredAtOnceFrom: 200,
    clientOfTheMoment: 1053,
    longestWait: 1080,
    startedAfter: 4,
    unanswered: 0,
    caught: 0,
    refusals: 0,
    stranded: 0,
  })
})

test('the order in which clients were recorded does not matter', () => {
  expect(gapFigures(outage.toReversed(), failure)).toEqual(gapFigures(outage, failure))
})

test('an answer that the failed server still sent is not the first answer, nor is its client the one of the moment', () => {
  const last = record(1001, 1002, { answeredBy: 'a' })
  const { firstAnswer, clientOfTheMoment, startedAfter } = gapFigures([last, ...outage.slice(2)], failure)
  expect({ firstAnswer, clientOfTheMoment, startedAfter }).toEqual({
    firstAnswer: 203,
    clientOfTheMoment: 1080,
    startedAfter: 3,
  })
})

test('the first answer may go to a client that started before the failure and was caught by it', () => {
  const { firstAnswer, caught, clientOfTheMoment } = gapFigures(
    [record(990, 1150, { messages: 1 }), ...outage.slice(1)],
    failure,
  )
  expect({ firstAnswer, caught, clientOfTheMoment }).toEqual({ firstAnswer: 150, caught: 1, clientOfTheMoment: 1053 })
})

test('nobody took over: no first answer, and every client is unanswered', () => {
  const silent = [record(900, 902), record(1000, undefined, { messages: 3 }), record(1100, undefined, { messages: 3 })]
  expect(gapFigures(silent, failure)).toMatchObject({
    firstAnswer: undefined,
    answeredAtOnceFrom: 100,
    clientOfTheMoment: undefined,
    longestWait: undefined,
    unanswered: 2,
  })
})

test('a client that has to ask twice later on is part of the time in which not all were answered at once', () => {
  const late = record(1400, 2450, { messages: 2 })
  expect(gapFigures([...outage, late, record(1500, 1501)], failure).answeredAtOnceFrom).toBe(500)
})

test('without any interruption the service was never away', () => {
  expect(gapFigures([record(1000, 1002), record(1100, 1101)], failure).answeredAtOnceFrom).toBe(0)
})

test('an offer of the failed server whose REQUEST nobody answers is a stranded client, one of the survivor is not', () => {
  const last = record(999, 999.5, { grantedAtMs: undefined })
  const open = record(1400, 1402, { grantedAtMs: undefined })
  expect(gapFigures([last, ...outage, open], failure).stranded).toBe(1)
})

test('without a client after the failure there are no figures', () => {
  expect(() => gapFigures([record(900, 902)], failure)).toThrow('no client started after the failure')
})

test('before the failure one server answers, and both kinds are answered', () => {
  const rebinding = record(800, 805, { kind: 'rebinding' })
  expect(wrongBefore([rebinding, ...outage], ['a'], 1000)).toBeUndefined()
  expect(wrongBefore(outage, ['a'], 1000)).toBe('no rebinding client was answered before the failure')
  expect(wrongBefore([rebinding, ...outage], ['a', 'b'], 1000)).toBe('2 servers gave leases before the failure')
  const other = record(850, 851, { answeredBy: 'b' })
  expect(wrongBefore([rebinding, other, ...outage], ['a'], 1000)).toBe(
    '1 clients were answered by the other server before the failure',
  )
})
