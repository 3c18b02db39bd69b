/** Every cell is on one side: reached, excused for a reason, or missing; and a long run fails for what is missing. */
import { MessageType, messageTypeName, StatusCode, statusCodeName } from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { rareCells } from './rare-cells.ts'
import { conflictCell, expectedCells, faultCell, matrixCell } from './expected-cells.ts'
import { COVERAGE_SEEDS_MIN, judgeCoverage } from './judge-coverage.ts'
import { addParts, nothingRun, type PartResult } from './part.ts'
import { coverageLines } from './report.ts'
import { unreachableCells } from './unreachable-cells.ts'

const expected = ['area: a', 'area: b', 'area: c']
const lists = { expected, unreachable: [{ cells: ['area: c'], why: 'a reason', rule: 'a section' }], rare: [] }

function ran(seeds: number, ...cells: readonly string[]): PartResult {
  return { ...nothingRun, seeds, reached: Object.fromEntries(cells.map((cell) => [cell, 1])) }
}

describe('a run', () => {
  it('holds when all is reached but what cannot be', () => {
    const coverage = judgeCoverage(ran(COVERAGE_SEEDS_MIN, 'area: a', 'area: b'), lists)
    expect(coverage).toMatchObject({ zeros: [], reachedAfterAll: [], expectedCount: 2, reachedCount: 2, fails: false })
  })

  it('of a thousand seeds fails for a cell that nothing reached, and names it', () => {
    const coverage = judgeCoverage(ran(COVERAGE_SEEDS_MIN, 'area: a'), lists)
    expect(coverage).toMatchObject({ zeros: ['area: b'], fails: true })
    expect(coverageLines(coverage)).toEqual(['NEVER REACHED, area: b', '1 of 2 cells reached'])
  })

  it('of fewer only says so', () => {
    expect(judgeCoverage(ran(COVERAGE_SEEDS_MIN - 1, 'area: a'), lists)).toMatchObject({
      zeros: ['area: b'],
      fails: false,
    })
  })

  it('of any length fails for a cell that was thought to be out of reach', () => {
    const coverage = judgeCoverage(ran(1, 'area: a', 'area: b', 'area: c'), lists)
    expect(coverage).toMatchObject({ reachedAfterAll: ['area: c'], fails: true })
    expect(coverageLines(coverage)).toContain('REACHABLE AFTER ALL, area: c: take it off unreachable-cells.ts')
  })

  it('is judged by all its parts together', () => {
    const parts = [ran(COVERAGE_SEEDS_MIN / 2, 'area: a'), ran(COVERAGE_SEEDS_MIN / 2, 'area: b')]
    expect(judgeCoverage(parts.reduce(addParts, nothingRun), lists)).toMatchObject({ zeros: [], fails: false })
  })

  it('does not fail for what is too rare', () => {
    const coverage = judgeCoverage(ran(COVERAGE_SEEDS_MIN, 'area: a'), { ...lists, rare: ['area: b'] })
    expect(coverage).toMatchObject({ zeros: [], rare: ['area: b'], fails: false })
  })
})

describe('the expected cells', () => {
  const all = expectedCells()

  it('are those of the matrix for both roles, and of the conflict table with both outcomes', () => {
    expect(all.filter((cell) => cell.startsWith('state matrix, primary: '))).toHaveLength(10 * 9)
    expect(all.filter((cell) => cell.startsWith('state matrix, secondary: '))).toHaveLength(10 * 9)
    expect(all.filter((cell) => cell.startsWith('conflict table: '))).toHaveLength(6 * 5 * 2)
    expect(all).toContain(matrixCell('secondary', 'STARTUP', 'RECOVER-DONE'))
    expect(all).toContain(conflictCell('FREE-BACKUP', 'RESET', 'refused'))
    expect(all).toContain(conflictCell('ABANDONED', 'PENDING-FREE', 'accepted'))
  })

  it('are every fault in every state, every status code, and every message with its fates', () => {
    expect(all).toContain(faultCell('disk-loss', 'RESOLUTION-INTERRUPTED'))
    for (const code of Object.values(StatusCode)) expect(all).toContain(`status codes sent: ${statusCodeName(code)}`)
    for (const type of [MessageType.Solicit, MessageType.Decline, MessageType.Reply]) {
      for (const fate of ['lost', 'doubled', 'late'])
        expect(all).toContain(`datagrams ${fate}: ${messageTypeName(type)}`)
    }
    for (const type of [MessageType.Bndupd, MessageType.Contact, MessageType.StartTls]) {
      const fates = ['lost with their connection', 'sent again after a reconnect', 'late']
      for (const fate of fates) expect(all).toContain(`stream messages ${fate}: ${messageTypeName(type)}`)
    }
    expect(new Set(all).size).toBe(all.length)
  })
})

describe('the list of what cannot be reached', () => {
  const excused = unreachableCells.flatMap(({ cells }) => cells)

  it('has only expected cells, each once, with a reason and a rule', () => {
    const all = new Set(expectedCells())
    expect(excused.filter((cell) => !all.has(cell))).toEqual([])
    expect(new Set(excused).size).toBe(excused.length)
    for (const { why, rule } of unreachableCells) expect([why.length > 20, rule.length > 3]).toEqual([true, true])
  })

  it('has nothing of what is rare', () => {
    expect(rareCells.filter((cell) => excused.includes(cell))).toEqual([])
  })
})
