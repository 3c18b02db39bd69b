/** Waiting leases are taken in their order, each once, and many of them as fast as few. */
import { describe, expect, test } from 'vitest'
import { WaitingLeases } from './waiting-leases.ts'

describe('waiting leases', () => {
  test('are taken in their order, each once', () => {
    const leases = new WaitingLeases()
    for (const slot of [1, 0, 1, 2]) leases.add(slot)
    expect([leases.take(), leases.take(), leases.size]).toEqual([1, 0, 1])
    expect([0, 1, 2, 3].map((slot) => leases.has(slot))).toEqual([false, false, true, false])
    leases.add(1)
    expect([leases.take(), leases.take(), leases.take()]).toEqual([2, 1, undefined])
    leases.add(3)
    leases.clear()
    expect([leases.size, leases.take(), leases.has(3)]).toEqual([0, undefined, false])
  })

  test('that nobody could be told for long are told in seconds, not in hours', () => {
    const leases = new WaitingLeases()
    for (let slot = 0; slot < 500_000; slot += 1) leases.add(slot)
    let last: number | undefined
    for (let slot = leases.take(); slot !== undefined; slot = leases.take()) last = slot
    expect(last).toBe(499_999)
  })
})
