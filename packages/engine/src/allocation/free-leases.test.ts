/** The search for a lease that was never used, where nearly all were. */
import { expect, test } from 'vitest'
import { SlotLinks } from '../bindings/slot-lists.ts'
import { FreeLeases, type KnownLeases } from './free-leases.ts'

test('steps past what was on record from the start without looking at each of it again', () => {
  let looks = 0
  const recorded = new Set<bigint>()
  const leases: KnownLeases = {
    links: new SlotLinks(),
    offsetAt: BigInt,
    isRecorded: (offset) => {
      looks += 1
      return recorded.has(offset)
    },
    isReserved: () => false,
  }
  const free = new FreeLeases([{ first: 1n, last: 1_000_000n }], 2n, leases)
  for (let offset = 1n; offset < 20_000n; offset += 2n) {
    recorded.add(offset)
    free.note(offset, Number(offset), undefined, 'taken')
  }
  recorded.add(20_003n)
  free.note(20_003n, 20_003, undefined, 'taken')
  const [first, second] = free.candidates()
  expect([first?.offset, second?.offset]).toEqual([20_001n, 20_005n])
  expect(looks).toBeLessThan(10)
})
