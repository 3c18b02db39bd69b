/** The search for a lease that was never used, where nearly all were. */
import { expect, test } from 'vitest'
import { FreeLeases } from './free-leases.ts'

test('steps past what was on record from the start without looking at each of it again', () => {
  let looks = 0
  const recorded = new Set<bigint>()
  const free = new FreeLeases([{ first: 1n, last: 1_000_000n }], 2n, (offset) => {
    looks += 1
    return recorded.has(offset)
  })
  for (let offset = 1n; offset < 20_000n; offset += 2n) {
    recorded.add(offset)
    free.note(offset, 'taken')
  }
  recorded.add(20_003n)
  free.note(20_003n, 'taken')
  const [first, second] = free.candidates()
  expect([first?.offset, second?.offset]).toEqual([20_001n, 20_005n])
  expect(looks).toBeLessThan(10)
})
