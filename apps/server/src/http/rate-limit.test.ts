/** A bucket of requests: full at first, empty under a flood, full again with time. */
import { describe, expect, it } from 'vitest'
import { RateLimit } from './rate-limit.ts'

function limitOf(quota: number, windowSeconds: number) {
  const clock = { nowMs: 1_000_000 }
  return { limit: new RateLimit({ name: 'test', quota, windowSeconds }, () => clock.nowMs), clock }
}

const taken = (limit: RateLimit, key: string, count: number) =>
  Array.from({ length: count }, () => limit.take(key)).filter(({ admitted }) => admitted).length

describe('a limit of ten in five seconds', () => {
  it('lets ten come at once and no more, each key for itself', () => {
    const { limit } = limitOf(10, 5)
    expect(taken(limit, 'a', 25)).toBe(10)
    expect(taken(limit, 'b', 5)).toBe(5)
  })

  it('lets two a second come after that, however often the others tried', () => {
    const { limit, clock } = limitOf(10, 5)
    taken(limit, 'a', 100)
    clock.nowMs += 1_000
    expect(taken(limit, 'a', 100)).toBe(2)
    clock.nowMs += 60_000
    expect(taken(limit, 'a', 100)).toBe(10)
  })

  it('says what is left, when it is whole again, and when to come back', () => {
    const { limit, clock } = limitOf(10, 5)
    expect(limit.take('a')).toMatchObject({ admitted: true, remaining: 9, resetSeconds: 1, retryAfterSeconds: 0 })
    taken(limit, 'a', 9)
    expect(limit.take('a')).toMatchObject({ admitted: false, remaining: 0, resetSeconds: 5, retryAfterSeconds: 1 })
    clock.nowMs += 500
    expect(limit.look('a')).toMatchObject({ admitted: true, remaining: 1 })
    expect(limit.take('a').admitted).toBe(true)
  })

  it('is not fooled by a clock that is set back', () => {
    const { limit, clock } = limitOf(10, 5)
    taken(limit, 'a', 10)
    clock.nowMs -= 3_600_000
    expect(limit.take('a').admitted).toBe(false)
    clock.nowMs += 1_000
    expect(taken(limit, 'a', 10)).toBe(2)
  })
})

it('remembers ten thousand keys, and forgets the one that is longest unused', () => {
  const { limit } = limitOf(1, 1_000)
  for (let key = 0; key < 10_000; key += 1) limit.take(String(key))
  limit.take('0')
  limit.take('one more')
  expect(limit.look('0').admitted).toBe(false)
  expect(limit.look('1').admitted).toBe(true)
  expect(limit.look('2').admitted).toBe(false)
})
