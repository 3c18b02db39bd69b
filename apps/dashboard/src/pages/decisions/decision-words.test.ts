/** Words for what the engine recorded. */
import { expect, test } from 'vitest'
import { inputInWords, reasonInWords } from './decision-words.ts'

test('a reason has words, a rejection says by whom, and what is not known is shown as it is', () => {
  expect(reasonInWords('no-matching-link')).toBe('No subnet fits the link it came from')
  expect(reasonInWords('by-us-status-18')).toBe('By this server, status code 18')
  expect(reasonInWords('by-partner-status-4')).toBe('By the partner, status code 4')
  expect(reasonInWords('of-a-later-version')).toBe('of-a-later-version')
})

test('the name of an input is read as words', () => {
  expect(inputInWords('ownClientTime')).toBe('own client time')
  expect(inputInWords('state')).toBe('state')
})
