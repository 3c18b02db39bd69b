/** The checkers can fail: each notices its deliberate bugs at the pinned seeds, and without the bugs nobody objects there. */
import { deliberateBugs } from '@tandem/engine/simulation'
import { describe, expect, it } from 'vitest'
import { checkers } from '../checkers/checkers.ts'
import { runWorld } from '../swarm/run-world.ts'
import { bugSeeds, SEEDS_MAX } from './bug-seeds-table.ts'
import { expectedCheckers } from './expected-checkers.ts'
import { printBugSeedPage, printBugSeedTable } from './print-bug-seeds.ts'

const HOW_TO_REFRESH = 'run pnpm --filter @tandem/simulator bug-seeds --rewrite'

describe.each(bugSeeds)('with the bug $bug', ({ bug, checker, seed }) => {
  it(`${checker} objects at seed ${seed}`, () => {
    const { violations } = runWorld({ seed, bug, untilCaughtBy: checker })
    expect(violations.map((violation) => violation.checker)).toContain(checker)
  }, 60_000)
})

describe.each([...new Set(bugSeeds.map(({ seed }) => seed))])('without a bug', (seed) => {
  it(`nobody objects at seed ${seed}`, () => {
    expect(runWorld({ seed }).violations).toEqual([])
  }, 60_000)
})

describe('the table', () => {
  it('has every bug, and the checker that is to notice it, within the allowed seeds', () => {
    const rows = Object.fromEntries(bugSeeds.map(({ bug, checker }) => [bug, checker]))
    expect(rows, HOW_TO_REFRESH).toEqual(expectedCheckers)
    expect(bugSeeds).toHaveLength(Object.keys(deliberateBugs).length)
    for (const { seed } of bugSeeds) expect(seed).toBeLessThanOrEqual(SEEDS_MAX)
  })

  it('has a bug for every checker', () => {
    const noticing = new Set(bugSeeds.map(({ checker }) => checker))
    for (const { name } of checkers) expect(noticing, name).toContain(name)
    expect(noticing).toContain('tables-agree')
  })

  it('is as it is printed, and so is its page', async () => {
    await expect(printBugSeedTable(bugSeeds)).toMatchFileSnapshot('bug-seeds-table.ts')
    await expect(printBugSeedPage(bugSeeds)).toMatchFileSnapshot('../../../../docs/generated/deliberate-bugs.md')
  })
})
