/** The timing of short operations, with a clock that moves only while they work. */
import { expect, test } from 'vitest'
import { timeSubjects } from './time-operation.ts'

function stage() {
  let now = 0
  const order: string[] = []
  const subject = (name: string, costMs: number) => ({
    name,
    operation: () => {
      now += costMs
      if (order.at(-1) !== name) order.push(name)
      return now
    },
  })
  return { order, subject, clock: () => now }
}

test('an operation that takes two microseconds is told as two thousand nanoseconds, in each run', () => {
  const { subject, clock } = stage()
  const measured = timeSubjects([subject('quick', 0.002)], { runs: 3, runMs: 1, warmUpMs: 1, clock })
  const runs = measured.get('quick') ?? []
  expect(runs).toHaveLength(3)
  for (const value of runs) expect(value).toBeCloseTo(2000)
})

test('all are warmed up first, and then take turns', () => {
  const { subject, clock, order } = stage()
  timeSubjects([subject('a', 0.1), subject('b', 0.3)], { runs: 2, runMs: 10, warmUpMs: 5, clock })
  expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b'])
})

test('two subjects of one name are refused', () => {
  const { subject, clock } = stage()
  const twice = [subject('same', 1), subject('same', 1)]
  expect(() => timeSubjects(twice, { runs: 1, runMs: 1, warmUpMs: 0, clock })).toThrow('one name')
})
