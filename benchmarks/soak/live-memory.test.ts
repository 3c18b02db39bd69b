/** When what is alive counts as growing. */
import { expect, test } from 'vitest'
import { liveGrowthOf } from './live-memory.ts'

const at = (minute: number, alpha: Record<string, number>) => ({ minute, heaps: { alpha, beta: { main: 40 } } })

test('the first and the last are compared, by the hour', () => {
  const growth = liveGrowthOf([
    at(10, { main: 40, storage: 10 }),
    at(20, { main: 99 }),
    at(30, { main: 50, storage: 11 }),
  ])
  expect(growth).toEqual([
    { name: 'alpha main', before: 40, after: 50, perHour: 30, grows: true },
    { name: 'alpha storage', before: 10, after: 11, perHour: 3, grows: false },
    { name: 'beta main', before: 40, after: 40, perHour: 0, grows: false },
  ])
})

test('a few megabytes of a big heap are no growth, and one moment is no comparison', () => {
  expect(liveGrowthOf([at(10, { main: 1000 }), at(30, { main: 1040 })])[0]?.grows).toBe(false)
  expect(liveGrowthOf([at(10, { main: 1 })])).toEqual([])
})
