/** The expiry queue gives slots in order of time and forgets what was moved or taken away. */
import { describe, expect, test } from 'vitest'
import { instant } from '../time/instant.ts'
import { ExpiryQueue } from './expiry-queue.ts'

describe('expiry queue', () => {
  test('gives what is due, earliest first, and nothing that is not', () => {
    const queue = new ExpiryQueue()
    const times = [50, 10, 40, 20, 30, 60]
    for (const at of times) queue.set(at, instant(at))
    expect(queue.nextDue()).toBe(10)
    expect(queue.takeDue(instant(40), 10)).toEqual([10, 20, 30, 40])
    expect(queue.nextDue()).toBe(50)
  })

  test('a slot that was moved is due at its new time only', () => {
    const queue = new ExpiryQueue()
    queue.set(7, instant(10))
    queue.set(7, instant(30))
    expect(queue.takeDue(instant(20), 10)).toEqual([])
    expect(queue.takeDue(instant(30), 10)).toEqual([7])
  })

  test('a slot moved away and back to its first time is given once', () => {
    const queue = new ExpiryQueue()
    queue.set(7, instant(10))
    queue.set(7, instant(30))
    queue.set(7, instant(10))
    expect(queue.takeDue(instant(100), 10)).toEqual([7])
    expect(queue.nextDue()).toBeUndefined()
  })

  test('many moves do not grow the heap without bound and keep the order', () => {
    const queue = new ExpiryQueue()
    for (let round = 0; round < 200; round += 1) {
      for (let slot = 0; slot < 20; slot += 1) queue.set(slot, instant(round * 100 + ((slot * 7) % 20)))
    }
    const taken = queue.takeDue(instant(1_000_000), 100)
    expect(taken).toHaveLength(20)
    expect(taken.map((slot) => (slot * 7) % 20)).toEqual([...taken.keys()])
  })

  test('the leases of a large server may all be renewed again and again', () => {
    const queue = new ExpiryQueue()
    const count = 150_000
    for (let round = 1; round <= 5; round += 1) {
      for (let slot = 0; slot < count; slot += 1) queue.set(slot, instant(round * 1000))
    }
    expect(queue.takeDue(instant(4999), 10)).toEqual([])
    expect(queue.takeDue(instant(5000), 200_000)).toHaveLength(count)
  })
})
