/** Rows are marked in words; what the row itself knows is newer than what was compared. */
import type { ComparedPartner, LeaseComparison } from '@tandem/api-contract'
import { expect, test } from 'vitest'
import { asRowsSay, isWorthALook, markOf, summaryOf } from './comparison-words.ts'

const shared = { relationship: 'pair', owedToPartner: false }
const compared = (outcome: LeaseComparison['outcome'], owedBy: LeaseComparison['owedBy'] = null): LeaseComparison => {
  return { key: '::1', relationship: 'pair', outcome, owedBy }
}
const beta: ComparedPartner = {
  relationship: 'pair',
  serverName: 'beta',
  asOf: '2026-11-27T01:00:00.000Z',
  problem: null,
}

test.each([
  ['agrees', 'agrees', false],
  ['differs', 'differs', true],
  ['no-record', 'has no record', true],
  ['unavailable', 'not compared', false],
  ['no-partner', 'none', false],
] as const)('%s is marked %s', (outcome, text, stands) => {
  expect(markOf(shared, compared(outcome))).toMatchObject({ text, stands })
})

test('what is under way says by whom it is to be told', () => {
  expect(markOf(shared, compared('owed', 'partner')).text).toBe('has news of it')
  expect(markOf(shared, compared('owed', 'this-server')).text).toBe('changes now')
  expect(markOf(shared, compared('owed')).text).toBe('changes now')
})

test('before an answer nothing is claimed, and a newer row comes before an older comparison', () => {
  expect(markOf(shared, undefined).text).toBe('knows')
  expect(markOf({ ...shared, owedToPartner: true }, compared('differs')).text).toBe('not told yet')
  expect(markOf({ relationship: null, owedToPartner: true }, undefined).text).toBe('none')
})

test('what a row owes meanwhile is not summed up as agreeing, nor as differing', () => {
  for (const outcome of ['agrees', 'differs'] as const) {
    const rows = asRowsSay([compared(outcome)], [{ key: '::1', owedToPartner: true }])
    expect(summaryOf(beta, rows)).toBe('Compared with beta: 1 still to be told')
    expect(isWorthALook(rows, beta)).toBe(false)
  }
  expect(asRowsSay([compared('differs')], [{ key: '::1', owedToPartner: false }])).toEqual([compared('differs')])
})

test('a page is summed up for each partner', () => {
  const others = { ...compared('differs'), relationship: 'another' }
  expect(summaryOf(beta, [compared('agrees'), others])).toBe('Compared with beta: all agree')
  expect(isWorthALook([compared('agrees'), others], beta)).toBe(false)
  const items = [compared('differs'), compared('no-record'), compared('owed'), compared('agrees')]
  expect(summaryOf(beta, items)).toBe('Compared with beta: 1 differs, 1 without a record there, 1 still to be told')
  expect(summaryOf(beta, [compared('differs'), compared('differs')])).toBe('Compared with beta: 2 differ')
  expect(isWorthALook(items, beta)).toBe(true)
  expect(summaryOf({ ...beta, problem: 'no answer within 3 s' }, [compared('unavailable')])).toBe(
    'Not compared with beta: no answer within 3 s',
  )
})
