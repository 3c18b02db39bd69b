/** The waits of clients that get no answer. */
import { expect, test } from 'vitest'
import { nextWaitMs, rebindRule, requestRule, solicitRule, type RetransmissionRule } from './retransmission.ts'

function waits(rule: RetransmissionRule, count: number, random: number): readonly number[] {
  const all: number[] = []
  for (let at = 0; at < count; at += 1) all.push(Math.round(nextWaitMs(rule, all.at(-1), random)))
  return all
}

test('without jitter each wait is twice the one before, up to the maximum', () => {
  expect(waits(rebindRule, 8, 0.5)).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 600_000, 600_000])
  expect(waits(requestRule, 7, 0.5)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
})

test('jitter is a tenth either way of what it is added to', () => {
  expect(waits(rebindRule, 2, 0)).toEqual([9000, 17_100])
  expect(waits(rebindRule, 2, 1)).toEqual([11_000, 23_100])
  expect(waits(rebindRule, 8, 1).at(-1)).toBe(660_000)
})

test('the first wait of a SOLICIT is a second or longer', () => {
  expect(waits(solicitRule, 1, 0)).toEqual([1000])
  expect(waits(solicitRule, 1, 1)).toEqual([1100])
  expect(waits(solicitRule, 2, 0)).toEqual([1000, 1900])
})
