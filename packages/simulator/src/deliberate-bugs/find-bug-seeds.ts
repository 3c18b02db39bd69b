/** The command: for each deliberate bug the first seed at which its checker notices; `--rewrite` pins what was found. */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { deliberateBugs, type DeliberateBug } from '@tandem/engine/simulation'
import { runWorld } from '../swarm/run-world.ts'
import { bugSeeds, SEEDS_MAX, type BugSeed } from './bug-seeds-table.ts'
import { expectedCheckers } from './expected-checkers.ts'
import { printBugSeedPage, printBugSeedTable } from './print-bug-seeds.ts'

const tableFile = new URL('bug-seeds-table.ts', import.meta.url)
const pageFile = new URL('../../../../docs/generated/deliberate-bugs.md', import.meta.url)

function main(): void {
  const { values } = parseArgs({ options: { rewrite: { type: 'boolean' }, bug: { type: 'string' } } })
  const found: BugSeed[] = []
  for (const bug of Object.keys(deliberateBugs) as DeliberateBug[]) {
    const pinned = bugSeeds.find((row) => row.bug === bug)
    if (values.bug !== undefined && values.bug !== bug) {
      if (pinned !== undefined) found.push(pinned)
      continue
    }
    const row = findSeed(bug)
    console.log(
      `${bug}: ${row === undefined ? `not noticed in ${SEEDS_MAX} seeds` : `${row.checker}, seed ${row.seed}`}`,
    )
    if (row === undefined) process.exitCode = 1
    else found.push(row)
  }
  if (values.rewrite !== true || process.exitCode === 1) return
  writeFileSync(tableFile, printBugSeedTable(found))
  writeFileSync(pageFile, printBugSeedPage(found))
}

function findSeed(bug: DeliberateBug): BugSeed | undefined {
  const checker = expectedCheckers[bug]
  for (let seed = 1; seed <= SEEDS_MAX; seed += 1) {
    const { violations } = runWorld({ seed, bug, untilCaughtBy: checker })
    if (violations.some((violation) => violation.checker === checker)) return { bug, checker, seed }
  }
  return undefined
}

main()
