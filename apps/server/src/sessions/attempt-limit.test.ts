/** Guessing gets slower with each failure, and is forgiven after a while or after a success. */
import { describe, expect, it } from 'vitest'
import { AttemptLimit } from './attempt-limit.ts'

function limitAt() {
  const clock = { nowMs: 0 }
  const limit = new AttemptLimit(() => clock.nowMs)
  const fail = (times: number, key = 'a') => Array.from({ length: times }).forEach(() => limit.failed(key))
  return { clock, limit, fail }
}

describe('the limit of attempts', () => {
  it('lets five failures pass, then doubles the wait up to five minutes', () => {
    const { limit, fail } = limitAt()
    fail(4)
    expect(limit.waitMs('a')).toBe(0)
    fail(1)
    expect(limit.waitMs('a')).toBe(1_000)
    fail(1)
    expect(limit.waitMs('a')).toBe(2_000)
    fail(20)
    expect(limit.waitMs('a')).toBe(300_000)
  })

  it('counts each key alone and waits for the longest', () => {
    const { limit, fail } = limitAt()
    fail(6)
    expect(limit.waitMs('b')).toBe(0)
    expect(limit.waitMs('b', 'a')).toBe(2_000)
  })

  it('lets the wait pass, and forgets after a quarter of an hour', () => {
    const { clock, limit, fail } = limitAt()
    fail(6)
    clock.nowMs = 2_000
    expect(limit.waitMs('a')).toBe(0)
    clock.nowMs = 900_001
    fail(1)
    expect(limit.waitMs('a')).toBe(0)
  })

  it('forgives after a success', () => {
    const { limit, fail } = limitAt()
    fail(9)
    limit.succeeded('a')
    expect(limit.waitMs('a')).toBe(0)
  })

  it('does not grow without bound', () => {
    const { limit } = limitAt()
    for (let each = 0; each < 10_050; each += 1)
      for (let failure = 0; failure < 5; failure += 1) limit.failed(`k${each}`)
    expect(limit.waitMs('k0')).toBe(0)
    expect(limit.waitMs('k10049')).toBe(1_000)
  })
})
