/** Both faults of clocks may last at once on one server, and leave it with the clock that it had. */
import { describe, expect, it } from 'vitest'
import { Random } from '../world/random.ts'
import { World } from '../world/world.ts'
import { clockStep } from './clock-step.ts'
import type { FaultScene } from './fault.ts'
import { wrongClock } from './wrong-clock.ts'

function sceneOf(seed: number): FaultScene {
  const world = new World({ seed, history: 'operator-error' })
  for (const server of world.servers) server.clock.offsetMs = 700
  return { world, random: new Random(seed), note: () => undefined }
}

const offsetsOf = ({ world }: FaultScene): readonly number[] => world.servers.map(({ clock }) => clock.offsetMs)

describe('clocks that are stepped and set wrong at once', () => {
  for (const [first, second] of [
    [clockStep, wrongClock],
    [wrongClock, clockStep],
  ] as const) {
    it(`are right again when ${first.name} began first and ended first`, () => {
      let overlaps = 0
      for (let seed = 1; seed <= 40; seed += 1) {
        const scene = sceneOf(seed)
        const endFirst = first.begin(scene)
        const between = offsetsOf(scene)
        const endSecond = second.begin(scene)
        const changed = offsetsOf(scene).map((offset, at) => offset !== between[at] && between[at] !== 700)
        if (changed.includes(true)) overlaps += 1
        endFirst?.()
        endSecond?.()
        expect(offsetsOf(scene)).toEqual([700, 700])
      }
      // A wrong clock is seldom so near that a step may come on top of it.
      if (first === clockStep) expect(overlaps).toBeGreaterThan(5)
    })
  }
})
