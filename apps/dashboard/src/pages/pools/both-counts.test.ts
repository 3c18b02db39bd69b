/** Counts of both servers beside each other. */
import { expect, it } from 'vitest'
import { countOfPartner } from './both-counts.ts'

it('takes what is free for the partner from what it calls its own', () => {
  const counts = { total: '10', leased: '3', ownFree: '4', partnerFree: '2' }
  expect(countOfPartner(counts, 'ownFree')).toBe('2')
  expect(countOfPartner(counts, 'partnerFree')).toBe('4')
  expect(countOfPartner(counts, 'leased')).toBe('3')
  expect(countOfPartner(counts, 'waiting')).toBeUndefined()
})
