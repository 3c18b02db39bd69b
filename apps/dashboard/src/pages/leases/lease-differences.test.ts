/** Two records of one lease: what is to be alike is compared, what is each one's own is not. */
import { routeExamples } from '@tandem/api-contract'
import { expect, test } from 'vitest'
import { differs } from './lease-differences.ts'

const own = routeExamples.getLease.answer

test('the same state and client do not differ, another one does', () => {
  expect(differs('state', own, { state: own.state })).toBe(false)
  expect(differs('state', own, { state: 'expired' })).toBe(true)
  expect(differs('client', own, { client: own.client })).toBe(false)
  expect(differs('client', own, { client: null })).toBe(true)
  expect(differs('client', { ...own, client: null }, { client: null })).toBe(false)
})

test('what one acknowledged is held against what the other was acknowledged, to the second', () => {
  const mine = { ...own, ackedPartnerLifetime: '2026-11-27T03:40:44.000Z', expirationTime: null }
  expect(differs('acknowledged', mine, { expirationTime: '2026-11-27T03:40:44.900Z' })).toBe(false)
  expect(differs('acknowledged', mine, { expirationTime: '2026-11-27T03:40:46.000Z' })).toBe(true)
  expect(differs('acknowledged', mine, { expirationTime: null })).toBe(true)
  expect(differs('acknowledged-by-the-other', mine, { ackedPartnerLifetime: null })).toBe(false)
})

test('what the partner does not say does not differ', () => {
  for (const part of ['state', 'client', 'acknowledged', 'acknowledged-by-the-other'] as const) {
    expect(differs(part, own, {})).toBe(false)
  }
})
