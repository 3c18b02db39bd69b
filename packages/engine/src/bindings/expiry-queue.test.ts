/** The expiry queue gives keys in order of time and forgets what was moved or taken away. */
import { describe, expect, test } from 'vitest'
import { instant } from '../time/instant.ts'
import { ExpiryQueue } from './expiry-queue.ts'

describe('expiry queue', () => {
  test('gives what is due, earliest first, and nothing that is not', () => {
    const queue = new ExpiryQueue()
    const times = [50, 10, 40, 20, 30, 60]
    for (const at of times) queue.set(`k${at}`, instant(at))
    expect(queue.nextDue()).toBe(10)
    expect(queue.takeDue(instant(40), 10)).toEqual(['k10', 'k20', 'k30', 'k40'])
    expect(queue.nextDue()).toBe(50)
  })

  test('a key that was moved is due at its new time only', () => {
    const queue = new ExpiryQueue()
    queue.set('a', instant(10))
    queue.set('a', instant(30))
    expect(queue.takeDue(instant(20), 10)).toEqual([])
    expect(queue.takeDue(instant(30), 10)).toEqual(['a'])
  })

  test('a key moved away and back to its first time is given once', () => {
    const queue = new ExpiryQueue()
    queue.set('a', instant(10))
    queue.set('a', instant(30))
    queue.set('a', instant(10))
    expect(queue.takeDue(instant(100), 10)).toEqual(['a'])
    expect(queue.nextDue()).toBeUndefined()
  })

  test('many moves do not grow the heap without bound and keep the order', () => {
    const queue = new ExpiryQueue()
    for (let round = 0; round < 200; round += 1) {
      for (let key = 0; key < 20; key += 1) queue.set(`k${key}`, instant(round * 100 + ((key * 7) % 20)))
    }
    const taken = queue.takeDue(instant(1_000_000), 100)
    expect(taken).toHaveLength(20)
    expect(taken.map((key) => (Number(key.slice(1)) * 7) % 20)).toEqual([...taken.keys()])
  })

  test('the leases of a large server may all be renewed again and again', () => {
    const queue = new ExpiryQueue()
    const keys = Array.from({ length: 150_000 }, (_, number) => `k${number}`)
    for (let round = 1; round <= 5; round += 1) {
      for (const key of keys) queue.set(key, instant(round * 1000))
    }
    expect(queue.takeDue(instant(4999), 10)).toEqual([])
    expect(queue.takeDue(instant(5000), 200_000)).toHaveLength(keys.length)
  })
})
