/** The page says what was run and leaves out nothing that went wrong. */
import { expect, it } from 'vitest'
import { judgeCoverage } from './judge-coverage.ts'
import { judgeFailures } from './open-findings.ts'
import { nothingRun, type PartResult } from './part.ts'
import { reportPage } from './report-page.ts'

const total: PartResult = {
  ...nothingRun,
  seeds: 20,
  simulatedSeconds: 7200,
  failed: [7, 9].map((seed) => ({ seed, violations: [{ checker: 'tables-agree', atMs: 1, text: 'what was seen' }] })),
  reached: { 'faults: crash': 3, 'moves: NORMAL -> STARTUP': 2 },
}

it('tells seeds that held, open findings, failures and what was reached', () => {
  const finding = { seed: 7, checkers: ['tables-agree'], known: 'the reason' }
  const judgement = judgeFailures(total, () => true, [finding])
  const page = reportPage(
    total,
    { judgement, coverage: judgeCoverage(total) },
    { firstSeed: 1, lastSeed: 20, program: 'abc' },
  )
  expect(page).toContain('Seeds 1 to 20 of program `abc`.')
  expect(page).toContain('| Seeds in which every property held | 18 |')
  expect(page).toContain('| Simulated hours | 2 |')
  expect(page).toContain('| 7 | tables-agree | the reason |')
  expect(page).toContain('## Failed\n\n| Seed | Checkers |\n| --- | --- |\n| 9 | tables-agree |')
  expect(page).toContain('### Never reached\n\n| Area | Cells |')
  expect(page).toMatch(/\| faults by state \| .*crash in NORMAL/)
  expect(page).toMatch(
    /\| state matrix, secondary \| .*CONFLICT-DONE hears NORMAL.* \| A secondary is never in CONFLICT-DONE/,
  )
  expect(page).toContain('## Reached: moves\n\n| What | Number |\n| --- | --- |\n| NORMAL -> STARTUP | 2 |')
})
