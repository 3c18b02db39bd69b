/** The checkers can fail: each deliberate bug is noticed, and every checker notices one. */
import { describe, expect, it } from 'vitest'
import { deliberateBugs } from '../../test-support/deliberate-bugs.ts'
import { runWorld } from '../swarm/run-world.ts'
import { checkers } from './checkers.ts'

const SEEDS_MAX = 10

/** Which checkers object within so many seeds. */
function objectorsTo(sabotage: (typeof deliberateBugs)[number]['sabotage']): ReadonlySet<string> {
  const objectors = new Set<string>()
  for (let seed = 1; seed <= SEEDS_MAX; seed += 1) {
    for (const { checker } of runWorld({ seed, sabotage }).violations) objectors.add(checker)
  }
  return objectors
}

describe.each(deliberateBugs)('when $bug', ({ sabotage, caughtBy }) => {
  it(`${caughtBy.join(' and ')} object`, () => {
    expect([...objectorsTo(sabotage)]).toEqual(expect.arrayContaining([...caughtBy]))
  })
})

it('has a bug for every checker', () => {
  const caught = new Set(deliberateBugs.flatMap(({ caughtBy }) => caughtBy))
  for (const { name } of checkers) expect(caught).toContain(name)
  expect(caught).toContain('tables-agree')
})
