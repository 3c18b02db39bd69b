/** The sum over all checks names what stands out first, and nothing that there is none of. */
import { expect, it } from 'vitest'
import { summaryOf } from './check-words.ts'

it('counts by outcome, the worst first', () => {
  const items = (['good', 'warning', 'good', 'bad', 'unknown'] as const).map((outcome) => ({ outcome }))
  expect(summaryOf(items)).toBe('1 bad, 1 to look at, 1 not known, 2 good')
  expect(summaryOf(items.filter(({ outcome }) => outcome === 'good'))).toBe('2 good')
})
