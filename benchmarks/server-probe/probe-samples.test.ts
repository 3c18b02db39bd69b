/** The probe's lines, read and summed up. */
import { expect, test } from 'vitest'
import { latenessBetween, samplesIn, type ProbeSample } from './probe-samples.ts'

const sample = (thread: string, atMs: number, lateP99Ms: number, lateMaxMs: number): ProbeSample => ({
  thread,
  atMs,
  lateP50Ms: 0,
  lateP99Ms,
  lateMaxMs,
  heapMegabytes: 1,
  externalMegabytes: 0,
  residentMegabytes: 2,
})

test('lines are read back, and a line that is still being written is left out', () => {
  const written = [sample('main', 1, 2, 3), sample('main', 2, 3, 4)]
  expect(samplesIn(written.map((each) => `${JSON.stringify(each)}\n`).join(''))).toEqual(written)
  expect(samplesIn(`${JSON.stringify(written[0])}\n{"thread":"ma`)).toEqual([written[0]])
})

test('lateness is told for each thread of the span: the middle second and the longest moment', () => {
  const samples = [
    sample('main', 900, 500, 500),
    sample('main', 1000, 1, 9),
    sample('main', 2000, 5, 70),
    sample('main', 3000, 2, 8),
    sample('data-plane', 2000, 0.5, 4),
    sample('main', 3100, 900, 900),
  ]
  expect(latenessBetween(samples, 1000, 3000)).toEqual([
    { thread: 'data-plane', medianP99Ms: 0.5, longestMs: 4 },
    { thread: 'main', medianP99Ms: 2, longestMs: 70 },
  ])
})
