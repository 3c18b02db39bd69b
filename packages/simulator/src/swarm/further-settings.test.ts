/** Seeds with reservations, the same on both servers and different ones, and with a proportional address pool (docs/decisions/0075, 0078). */
import { describe, expect, it } from 'vitest'
import { runWorld } from './run-world.ts'

const SEEDS = 8
const ACTS_MAX = 3_000

describe.each([
  ['the same reservations on both servers', { reservedClients: 4 }],
  ['different reservations', { reservedClients: 4, reservationsDiffer: true }],
  ['a proportional address pool', { areAddressesShared: true }],
  ['a proportional address pool and reservations', { areAddressesShared: true, reservedClients: 4 }],
])('with %s', (_name, settings) => {
  it(`a pair keeps every property through ${SEEDS} seeds of faults`, () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { violations } = runWorld({ seed, settings, actsMax: ACTS_MAX })
      expect(violations.map(({ checker, text }) => `seed ${seed}: ${checker}: ${text}`)).toEqual([])
    }
  }, 120_000)
})
