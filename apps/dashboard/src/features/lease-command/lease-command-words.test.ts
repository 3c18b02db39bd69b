/** What is offered for a lease is what the engine would not refuse for its state. */
import { leaseStates, routeExamples } from '@tandem/api-contract'
import { expect, it } from 'vitest'
import { commandFor, resendWords } from './lease-command-words.ts'

const leaseExample = routeExamples.getLease.answer

it('offers one command each for what is quarantined and for what is in use, and none for the rest', () => {
  const offered = leaseStates.map((state) => [state, commandFor({ ...leaseExample, state })?.act])
  expect(offered.filter(([, act]) => act !== undefined)).toEqual([
    ['active', 'releaseLease'],
    ['abandoned', 'resetLease'],
  ])
})

it('says that a lease without a partner is free at once', () => {
  const words = commandFor(leaseExample)
  expect(words?.follows(leaseExample)).toMatch(/^The partner is told/)
  expect(words?.follows({ ...leaseExample, relationship: null })).toMatch(/^It is free at once/)
  expect(words?.follows({ ...leaseExample, kind: 'prefix' })).toMatch(/the prefix may be given/)
})

it('says that telling the partner again does nothing to clients', () => {
  const words = resendWords('beta')
  expect(words.question(leaseExample.lease)).toBe(`Tell beta of ${leaseExample.lease} again?`)
  expect([words.act, words.effect]).toEqual(['resendLease', 'No client notices.'])
})
