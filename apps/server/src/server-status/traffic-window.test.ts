/** Silence by rule is not a client left alone; silence in trouble is. */
import { describe, expect, it } from 'vitest'
import type { PublishedView } from '../engine/engine-service.ts'
import { TrafficWindow } from './traffic-window.ts'

function view(
  atMs: number,
  sent: number,
  unanswered: Readonly<Record<string, number>>,
  state = 'NORMAL',
): PublishedView {
  const part = {
    publishedAtMs: atMs,
    snapshot: { relationships: [{ state, communicationsOk: state === 'NORMAL' }] },
    counters: { datagramsSent: sent, datagramsUnanswered: unanswered },
  }
  // All that the window reads.
  return part as unknown as PublishedView
}

describe('the traffic of the last minute', () => {
  it('is the difference between its ends', () => {
    const window = new TrafficWindow()
    expect(window.read()).toEqual({ windowSeconds: 0, answered: 0, unanswered: 0 })
    for (let second = 0; second <= 100; second += 1) {
      window.add(view(second * 1000, second * 10, { malformed: second }))
    }
    expect(window.read()).toEqual({ windowSeconds: 60, answered: 600, unanswered: 60 })
  })

  it('does not count what is the partner’s to answer', () => {
    const window = new TrafficWindow()
    window.add(view(0, 0, {}))
    window.add(view(1000, 0, { 'failover-state': 5, 'wrong-server-identifier': 7, malformed: 1 }))
    expect(window.read().unanswered).toBe(1)
  })

  it('counts silence that a state of failover imposes while nobody else may answer', () => {
    const window = new TrafficWindow()
    window.add(view(0, 0, { 'failover-state': 5 }))
    window.add(view(1000, 0, { 'failover-state': 9, 'wrong-server-identifier': 7 }, 'RECOVER'))
    expect(window.read().unanswered).toBe(4)
  })
})
