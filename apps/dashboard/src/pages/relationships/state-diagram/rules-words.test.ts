/** What is said of a state's rules. */
import { failoverStates } from '@tandem/api-contract'
import { expect, it } from 'vitest'
import { rulesWords } from './rules-words.ts'

const pair = { serverName: 'alpha', partnerName: 'beta', role: 'primary', activeStandby: false } as const

it('says whom a server answers, from what, and how far ahead', () => {
  expect(rulesWords('normal', pair)).toBe(
    'alpha answers every client and gives new leases of what it holds free itself; no lease runs further than the MCLT beyond what beta knows.',
  )
  expect(rulesWords('partner-down', pair)).toContain(
    'after the MCLT of the prefixes that beta held free; lifetimes are not',
  )
  expect(rulesWords('recover-wait', pair)).toBe('alpha answers no client.')
})

it('knows the role, and active standby', () => {
  const secondary = { ...pair, role: 'secondary' } as const
  expect(rulesWords('normal', secondary)).toContain('alpha answers only clients that name it and gives')
  expect(rulesWords('normal', { ...secondary, activeStandby: true })).toContain(
    'name it and offers leases to new ones and',
  )
  expect(rulesWords('conflict-done', secondary)).toBe('alpha answers no client.')
})

it('has words for every state', () => {
  for (const state of failoverStates) expect(rulesWords(state, pair)).toMatch(/^alpha answers .*\.$/u)
})
