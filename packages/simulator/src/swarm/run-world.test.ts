/** A few seeds hold, and a seed is one run; the thousand of `npm test` are a suite of their own. */
import { describe, expect, it } from 'vitest'
import { addParts, nothingRun, partOf, runPart } from './part.ts'
import { ACTS_MAX, runWorld } from './run-world.ts'

const SEEDS = 4

describe('the pair', () => {
  it(`keeps every property through ${SEEDS} seeds of faults`, () => {
    const part = runPart(1, SEEDS)
    expect(part.failed).toEqual([])
    // Properties that held because nothing happened would prove nothing.
    expect(part.seedsWithTenFaults).toBeGreaterThanOrEqual(0.9 * SEEDS)
    expect(part.acts).toBeGreaterThan(SEEDS * ACTS_MAX * 0.9)
    expect(part.leases).toBeGreaterThan(SEEDS * 200)
    const reached = Object.keys(part.reached)
    expect(reached).toContain('moves: COMMUNICATIONS-INTERRUPTED -> PARTNER-DOWN')
    expect(reached).toContain('moves: PARTNER-DOWN -> NORMAL')
    expect(reached).toContain('moves: RECOVER -> RECOVER-WAIT')
    expect(reached).toContain('moves: NORMAL -> STARTUP')
  }, 240_000)
})

describe('a seed', () => {
  it('gives the same run every time', () => {
    const [first, second] = [7, 7].map((seed) => runWorld({ seed, transcript: true, actsMax: 3000 }))
    expect(second).toEqual(first)
    expect(first?.transcript.length).toBeGreaterThan(500)
  }, 60_000)

  it('gives another run than the next seed', () => {
    const [first, second] = [7, 8].map((seed) => runWorld({ seed, transcript: true, actsMax: 3000 }))
    expect(second?.transcript).not.toEqual(first?.transcript)
  }, 60_000)
})

describe('parts of a run', () => {
  it('add up to the whole', () => {
    const verdicts = [3, 4].map((seed) => runWorld({ seed, actsMax: 2000 }))
    const [first = nothingRun, second = nothingRun] = verdicts.map(partOf)
    const whole = addParts(first, second)
    expect(whole.seeds).toBe(2)
    expect(whole.acts).toBe(first.acts + second.acts)
    expect(addParts(nothingRun, whole)).toEqual(whole)
  }, 60_000)
})
