/** Seeds in which clients have reservations, the same on both servers and different ones (docs/decisions/0075). */
import { describe, expect, it } from 'vitest'
import { runWorld } from './run-world.ts'

const SEEDS = 15

describe.each([
  ['the same reservations on both servers', false],
  ['different reservations', true],
])('with %s', (_name, reservationsDiffer) => {
  it(`a pair keeps every property through ${SEEDS} seeds of faults`, () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { violations } = runWorld({ seed, settings: { reservedClients: 4, reservationsDiffer } })
      expect(violations.map(({ checker, text }) => `seed ${seed}: ${checker}: ${text}`)).toEqual([])
    }
  }, 120_000)
})
