/** A seed that lies in wait strikes in its state, and the turns leave out no state and no fault. */
import { expect, it } from 'vitest'
import { faults } from '../faults/faults.ts'
import { ambushOf } from './ambush.ts'
import { faultCell } from './expected-cells.ts'
import { runWorld } from './run-world.ts'
import { isSkirmish } from './skirmish.ts'

const seeds = Array.from({ length: 1000 }, (_unused, index) => index + 1)

it('every third seed lies in wait, every sixth is a skirmish, and half stay quiet', () => {
  const ambushes = seeds.filter((seed) => ambushOf(seed) !== undefined)
  const skirmishes = seeds.filter(isSkirmish)
  expect(ambushes).toHaveLength(333)
  expect(skirmishes).toHaveLength(166)
  expect(ambushes.filter(isSkirmish)).toEqual([])
})

it('in any thirty seeds all states have their turn, and in a thousand every fault comes first', () => {
  const states = new Set(seeds.slice(0, 30).map((seed) => ambushOf(seed)?.state))
  expect(states.size).toBe(10 + 1)
  const first = new Set(seeds.map((seed) => ambushOf(seed)?.faults[0]?.name))
  for (const { name } of faults) expect(first).toContain(name)
})

it.each([
  [81, 'POTENTIAL-CONFLICT'],
  [24, 'RESOLUTION-INTERRUPTED'],
  [9, 'RECOVER-WAIT'],
])(
  'seed %i strikes in %s',
  (seed, state) => {
    expect(ambushOf(seed)?.state).toBe(state)
    const { reached } = runWorld({ seed, actsMax: 4000 })
    const struck = faults.filter(({ name }) => reached.has(faultCell(name, state)))
    expect(struck.length).toBeGreaterThan(2)
  },
  60_000,
)
