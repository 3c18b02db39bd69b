/** Waiting leases are taken in their order, each once, and many of them as fast as few. */
import { describe, expect, test } from 'vitest'
import { WaitingKeys } from './waiting-keys.ts'

describe('waiting leases', () => {
  test('are taken in their order, each once', () => {
    const keys = new WaitingKeys()
    for (const key of ['b', 'a', 'b', 'c']) keys.add(key)
    expect([keys.take(), keys.take(), keys.size]).toEqual(['b', 'a', 1])
    keys.add('b')
    expect([keys.take(), keys.take(), keys.take()]).toEqual(['c', 'b', undefined])
    keys.add('d')
    keys.clear()
    expect([keys.size, keys.take()]).toEqual([0, undefined])
  })

  test('that nobody could be told for long are told in seconds, not in hours', () => {
    const keys = new WaitingKeys()
    for (let number = 0; number < 500_000; number += 1) keys.add(`a${number}/128`)
    let last: string | undefined
    for (let key = keys.take(); key !== undefined; key = keys.take()) last = key
    expect(last).toBe('a499999/128')
  })
})
