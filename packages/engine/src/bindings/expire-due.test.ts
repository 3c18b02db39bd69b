/** Who may end a lease, and when: not a server that may not have heard of its renewal yet. */
import { describe, expect, test } from 'vitest'
import { FailoverPair } from '../../test-support/failover-pair.ts'
import type { BindingStatus } from './binding.ts'

function servingPair(): FailoverPair {
  const pair = new FailoverPair()
  pair.startBoth()
  pair.run(3)
  pair.requestAddress('primary')
  pair.run(2)
  return pair
}

function statuses(pair: FailoverPair): readonly BindingStatus[] {
  return [...pair.server('primary').bindings.values()].map((binding) => binding.status)
}

describe('a lease that has run out', () => {
  test('is ended by the server that gave it, and then free for its half', () => {
    const pair = servingPair()
    expect(statuses(pair)).toContain('ACTIVE')
    pair.run(4_000)
    expect(statuses(pair)).not.toContain('ACTIVE')
  })

  test('is not ended by a server that has just returned and answers nobody yet', () => {
    const pair = servingPair()
    pair.isNetworkUp = false
    pair.kill('primary')
    pair.run(4_000)
    pair.start('primary')
    pair.run(3)
    expect(pair.view('primary').answers).toBe('nobody')
    expect(statuses(pair)).toContain('ACTIVE')
    pair.run(30)
    expect(pair.view('primary').answers).toBe('everyone')
    expect(statuses(pair)).not.toContain('ACTIVE')
  })
})
