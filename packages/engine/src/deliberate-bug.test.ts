/** A deliberate bug is there during the calls of its own engine, and in nothing else. */
import { describe, expect, it } from 'vitest'
import { testConfiguration, testRelationship, TEST_START } from '../test-support/failover-pair.ts'
import { deliberateBugs, hasBug, withBug, type DeliberateBug } from './deliberate-bug.ts'
import { createEngine } from './engine.ts'
import { createEngineWithBug } from './simulation.ts'
import { addSeconds } from './time/instant.ts'

const nothing = {
  bindings: [],
  endpoints: [],
  reservations: [],
  drains: [],
  lastCommitAt: undefined,
  ranUntil: undefined,
}
const configuration = testConfiguration(testRelationship('primary', { initialState: 'partner-down' }))

describe('a deliberate bug', () => {
  it('is nowhere by itself', () => {
    for (const bug of Object.keys(deliberateBugs) as DeliberateBug[]) expect(hasBug(bug), bug).toBe(false)
  })

  it('ends with the call that has it, whatever becomes of the call', () => {
    expect(withBug('mclt-forgotten', () => hasBug('mclt-forgotten'))).toBe(true)
    expect(withBug('mclt-forgotten', () => hasBug('window-ignored'))).toBe(false)
    expect(() =>
      withBug('mclt-forgotten', () => {
        throw new Error('broken')
      }),
    ).toThrow('broken')
    expect(hasBug('mclt-forgotten')).toBe(false)
  })

  it('does not reach another engine of the same process', () => {
    const broken = createEngineWithBug('state-not-recorded', configuration, nothing, TEST_START)
    const right = createEngine(configuration, nothing, TEST_START)
    const later = addSeconds(TEST_START, 600)
    const recorded = [broken, right].map((engine) =>
      engine
        .handle({ kind: 'deadline-reached' }, later)
        .commit.flatMap((change) => (change.kind === 'endpoint-put' ? [change.endpoint.state] : [])),
    )
    expect(recorded).toEqual([['RECOVER'], ['PARTNER-DOWN']])
  })
})
