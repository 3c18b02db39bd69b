/** A comparison of two configurations in words. */
import { routeExamples } from '@tandem/api-contract'
import { expect, test } from 'vitest'
import { settingWords, summaryOf, valueWords } from './configuration-words.ts'

const { answer } = routeExamples.compareConfigurations

test('the summary counts, and says why there is nothing to count', () => {
  expect(summaryOf(answer)).toBe('2 of 31 settings that both should have alike differ.')
  expect(summaryOf({ ...answer, differing: '1' })).toBe('1 of 31 settings that both should have alike differs.')
  expect(summaryOf({ ...answer, differing: '0' })).toBe('All 31 settings that both should have alike agree.')
  const silent = { ...answer, outcome: 'unavailable', problem: 'no answer within 3 s' } as const
  expect(summaryOf(silent)).toBe('Not compared with beta: no answer within 3 s')
})

test('settings are named as in the file, and things by what they are', () => {
  expect(answer.differences.map(settingWords)).toEqual([
    'Address pool 2001:db8:1::1000-2001:db8:1::1fff',
    'lifetimes.valid',
  ])
  expect([null, '', '4h'].map(valueWords)).toEqual(['not there', 'none', '4h'])
})
