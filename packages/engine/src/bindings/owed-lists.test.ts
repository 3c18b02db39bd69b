/** How long the oldest news of a lease has been owed to the partner, over changes and a restart. */
import { expect, test } from 'vitest'
import { FailoverPair } from '../../test-support/failover-pair.ts'
import { instant } from '../time/instant.ts'
import { OwedLists } from './owed-lists.ts'

const at = (seconds: number) => instant(1_795_737_600_000 + seconds * 1000)

test('the oldest is the one that came first, and sorting makes it the one that was changed first', () => {
  const owed = new OwedLists()
  expect(owed.oldestSince('pair')).toBeUndefined()
  owed.add('pair', 7, at(30))
  owed.add('pair', 3, at(10))
  owed.add('pair', 5, at(20))
  owed.add('other', 9, at(5))
  expect(owed.oldestSince('pair')).toBe(at(30))
  owed.sort()
  expect([...owed.of('pair').walk()]).toEqual([3, 5, 7])
  expect(owed.oldestSince('pair')).toBe(at(10))
  owed.delete('pair', 3)
  expect(owed.oldestSince('pair')).toBe(at(20))
  expect(owed.oldestSince('other')).toBe(at(5))
})

test('while the partner is away the oldest change counts, through later ones and a restart, until it is acknowledged', () => {
  const pair = new FailoverPair()
  pair.startBoth()
  pair.run(10)
  const oldest = (): number | undefined => pair.view('primary').oldestUpdateOwedSince
  expect(oldest()).toBeUndefined()
  pair.kill('secondary')
  pair.run(5)
  const first = Math.floor(pair.now / 1000) * 1000
  pair.requestAddress('primary', 1)
  pair.run(20)
  pair.requestAddress('primary', 2)
  expect(oldest()).toBe(first)
  pair.kill('primary')
  pair.start('primary')
  expect(oldest()).toBe(first)
  pair.start('secondary')
  pair.run(60)
  expect(oldest()).toBeUndefined()
})
