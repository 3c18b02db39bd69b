/** The table of gaps. */
import { expect, test } from 'vitest'
import { failureKinds } from './failures.ts'
import type { GapFigures } from './gap-figures.ts'
import type { GapRepeat } from './measure-gap.ts'
import { reportGaps } from './report.ts'

function figures(firstAnswer: number, clientOfTheMoment: number | undefined): GapFigures {
  const counts = { startedAfter: 9, unanswered: 0, caught: 0, refusals: 0, stranded: 0 }
  return { firstAnswer, answeredAtOnceFrom: firstAnswer - 3, clientOfTheMoment, longestWait: 1090, ...counts }
}

function repeat(firstAnswer: number, clientOfTheMoment: number | undefined): GapRepeat {
  return {
    contestant: 'a pair',
    failure: 'host',
    limitSeconds: 180,
    tookOverAfterMs: firstAnswer - 10,
    strikeMs: 5,
    residentMegabytes: 150,
    newClients: figures(firstAnswer, 1050),
    rebindingClients: figures(firstAnswer + 30, clientOfTheMoment),
  }
}

test('a line for each kind of client, with medians in seconds and their spread', () => {
  const text = reportGaps([repeat(2040, 9900), repeat(2010, 10_500), repeat(2400, 10_100)], failureKinds.slice(1))
  const [, solicit = '', rebind = ''] = text.split('\n').map((line) => line.split(/ {2,}/u))
  expect(solicit).toEqual([
    'a pair',
    'SOLICIT',
    '2.040 (2.010 to 2.400)',
    '2.037 (2.007 to 2.397)',
    '1.050 (1.050 to 1.050)',
    '2.030 (2.000 to 2.390)',
  ])
  expect(rebind.slice(1)).toEqual([
    'REBIND',
    '2.070 (2.040 to 2.430)',
    '2.067 (2.037 to 2.427)',
    '10.100 (9.900 to 10.500)',
  ])
})

test('a wait in vain is not left out of a median', () => {
  const text = reportGaps([repeat(2040, 9900), repeat(2010, undefined)], failureKinds.slice(1))
  expect(text.split('\n')[2]).toContain('not in 180 s in 1 of 2')
})
