/** What is said of the partner's clock. */
import { expect, it } from 'vitest'
import { clockWords } from './clock-words.ts'

it('says whether the partner is behind or ahead', () => {
  expect(clockWords(null, 'beta').words).toContain('not known')
  expect(clockWords(34, 'beta').words).toBe('agrees with this server’s (to half a second)')
  expect(clockWords(-499, 'beta').words).toBe('agrees with this server’s (to half a second)')
  expect(clockWords(1240, 'beta').words).toBe('1.2 s behind this server’s')
  expect(clockWords(-1240, 'beta').words).toBe('1.2 s ahead of this server’s')
})

it('names what threatens from two seconds on, and more gravely from four', () => {
  expect(clockWords(1999, 'beta').threat).toBeNull()
  expect(clockWords(2000, 'beta').threat).toMatchObject({ tone: 'degraded' })
  expect(clockWords(-4200, 'beta').threat).toMatchObject({ tone: 'at-risk' })
  expect(clockWords(-4200, 'beta').threat?.words).toContain('Beyond five seconds')
  expect(clockWords(-4200, 'beta').threat?.words).toContain('here and on beta')
})
