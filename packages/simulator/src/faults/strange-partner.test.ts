/** What a partner of another make says is refused by its code, and nothing of the pair changes. */
import { keyOf } from '@tandem/engine'
import { expect, it } from 'vitest'
import { watchWithAll } from '../checkers/checkers.ts'
import type { Violation } from '../checkers/checker.ts'
import { watchCoverage } from '../swarm/coverage.ts'
import { Random } from '../world/random.ts'
import { World } from '../world/world.ts'
import { strangePartner } from './strange-partner.ts'

function pair() {
  const world = new World({ seed: 1 })
  const violations: Violation[] = []
  const reached = new Set<string>()
  watchWithAll(world, violations)
  world.observe(watchCoverage(world, (what) => reached.add(what)))
  world.secondary.start()
  world.primary.start()
  world.run(10_000)
  const strike = (times: number): void => {
    const scene = { world, random: new Random(2), note: () => undefined }
    for (let count = 0; count < times; count += 1) {
      strangePartner.begin(scene)
      world.run(100)
    }
  }
  return { world, violations, reached, strike }
}

it('an update that lacks something is missing binding information, one of a VPN is in conflict with the configuration, and the lease stays as it was', () => {
  const { world, violations, reached, strike } = pair()
  world.addClient('C1', { addresses: 1, prefixes: 1, rapidCommit: false }, false).ask()
  world.run(5_000)
  const before = world.servers.map((server) => [...server.store.bindings()].toSorted(byKey))
  expect(before[0]?.length).toBeGreaterThan(1)
  strike(12)
  expect(reached).toContain('status codes sent: MissingBindingInformation')
  expect(reached).toContain('status codes sent: ConfigurationConflict')
  expect(world.servers.map((server) => [...server.store.bindings()].toSorted(byKey))).toEqual(before)
  expect(world.areBothNormal).toBe(true)
  expect(violations).toEqual([])
})

it('a CONNECT of a future version is not supported, and the conversation of the two goes on', () => {
  const { world, violations, reached, strike } = pair()
  strike(1)
  expect(reached).toContain('status codes sent: NotSupported')
  expect(world.areBothNormal).toBe(true)
  expect(violations).toEqual([])
})

function byKey(a: Parameters<typeof keyOf>[0], b: Parameters<typeof keyOf>[0]): number {
  return keyOf(a) < keyOf(b) ? -1 : 1
}
