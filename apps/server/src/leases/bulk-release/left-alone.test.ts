/** What the preview counts as releasable is what the engine would not refuse, of what was there when it was counted. */
import type { EndpointState } from '@tandem/engine'
import { expect, it } from 'vitest'
import { asOfFrom, asOfText } from './as-of.ts'
import { leftAlone } from './left-alone.ts'

const asOf = { commitNumber: 100, atMs: 1_000_000 }
const lease = {
  status: 'ACTIVE',
  relationship: 'main',
  clientHeardAt: 900_000,
  partnerHeardClientAt: null,
  commitNumber: 100,
}
const main = (state: EndpointState) => [{ name: 'main', state }]

it.each([
  ['an active one', {}, undefined],
  ['one that no partner knows', { relationship: null }, undefined],
  ['one of a relationship that is gone', { relationship: 'other' }, 'unknown-relationship'],
  ['one that is free', { status: 'FREE' }, 'lease-not-active'],
  ['one that was heard six seconds before', { clientHeardAt: 994_000 }, 'client-just-heard'],
  ['one that was heard a little earlier', { clientHeardAt: 993_999 }, undefined],
  ['one that the partner just heard', { partnerHeardClientAt: 999_000 }, 'client-just-heard'],
  ['one that a fast clock heard later than now', { partnerHeardClientAt: 2_000_000 }, 'client-just-heard'],
  ['one that changed since', { commitNumber: 101 }, 'changed-since-preview'],
  ['one that has ended since', { commitNumber: 101, status: 'EXPIRED' }, 'changed-since-preview'],
] as const)('judges %s', (_, change, refusal) => {
  expect(leftAlone({ ...lease, ...change }, asOf, main('NORMAL'))).toBe(refusal)
})

it('leaves alone what has no record', () => {
  expect(leftAlone(undefined, asOf, main('NORMAL'))).toBe('unknown-lease')
})

it.each([
  ['NORMAL', true],
  ['COMMUNICATIONS-INTERRUPTED', true],
  ['PARTNER-DOWN', true],
  ['CONFLICT-DONE', true],
  ['RESOLUTION-INTERRUPTED', true],
  ['STARTUP', false],
  ['POTENTIAL-CONFLICT', false],
  ['RECOVER', false],
  ['RECOVER-WAIT', false],
  ['RECOVER-DONE', false],
] as const)('in %s leases are released: %s', (state, isReleased) => {
  expect(leftAlone(lease, asOf, main(state))).toBe(isReleased ? undefined : 'state-does-not-allow')
})

it('knows what was counted by a text that goes out and comes back', () => {
  expect(asOfFrom(asOfText(asOf))).toEqual(asOf)
})
