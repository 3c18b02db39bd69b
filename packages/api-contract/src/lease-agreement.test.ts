/** Two records of one lease: what is to be alike is compared, what is each one's own is not. */
import { describe, expect, it, test } from 'vitest'
import { leaseExample } from './examples/lease-example.ts'
import { agreementOf, agreementsDiffer, mayBeToldAgain, needsNoRecord, partDiffers } from './lease-agreement.ts'
import type { AgreedRecord } from './lease-agreement.ts'

const own = leaseExample
/** The same lease as the partner has it: what was acknowledged is mirrored. */
const mirrored: AgreedRecord = {
  state: own.state,
  client: own.client,
  expirationTime: own.ackedPartnerLifetime,
  ackedPartnerLifetime: own.expirationTime,
}

test('the same state and client do not differ, another one does', () => {
  expect(partDiffers('state', own, { state: own.state })).toBe(false)
  expect(partDiffers('state', own, { state: 'expired' })).toBe(true)
  expect(partDiffers('client', own, { client: own.client })).toBe(false)
  expect(partDiffers('client', own, { client: null })).toBe(true)
  expect(partDiffers('client', { ...own, client: null }, { client: null })).toBe(false)
})

test('what one acknowledged is held against what the other was acknowledged, to the second', () => {
  const mine = { ...own, ackedPartnerLifetime: '2026-11-27T03:40:44.000Z', expirationTime: null }
  expect(partDiffers('acknowledged', mine, { expirationTime: '2026-11-27T03:40:44.900Z' })).toBe(false)
  expect(partDiffers('acknowledged', mine, { expirationTime: '2026-11-27T03:40:46.000Z' })).toBe(true)
  expect(partDiffers('acknowledged', mine, { expirationTime: null })).toBe(true)
  expect(partDiffers('acknowledged-by-the-other', mine, { ackedPartnerLifetime: null })).toBe(false)
  expect(partDiffers('acknowledged-by-the-other', mine, { ackedPartnerLifetime: own.stateSince })).toBe(true)
})

test('what the partner does not say does not differ', () => {
  for (const part of ['state', 'client', 'acknowledged', 'acknowledged-by-the-other'] as const) {
    expect(partDiffers(part, own, {})).toBe(false)
  }
})

test('two mirrored records agree', () => {
  expect(agreementsDiffer(agreementOf(own), agreementOf(mirrored))).toBe(false)
})

test.each<[string, Partial<AgreedRecord>]>([
  ['another state', { state: 'expired' }],
  ['another client', { client: { duid: '00:03:00:01:02:5e:10:00:01:f3', iaType: 'IA_NA', iaid: 2 } }],
  ['no acknowledgement of what is counted on here', { expirationTime: null }],
  ['a shorter acknowledgement than is counted on here', { expirationTime: '2026-11-27T03:40:43.000Z' }],
  ['counting on what was not acknowledged', { ackedPartnerLifetime: '2026-11-27T03:40:44.000Z' }],
])('a partner with %s differs', (_what, change) => {
  expect(agreementsDiffer(agreementOf(own), agreementOf({ ...mirrored, ...change }))).toBe(true)
})

test('a server that forgot what the other acknowledged counts on nothing, and does not differ', () => {
  const forgetful: AgreedRecord = { ...own, ackedPartnerLifetime: null }
  expect(agreementsDiffer(agreementOf(forgetful), agreementOf(mirrored))).toBe(false)
  expect(partDiffers('acknowledged', forgetful, mirrored)).toBe(false)
})

test('who had a free lease last is of no account, whose free one it is counts', () => {
  const promised = { ackedPartnerLifetime: null, expirationTime: null }
  const free: AgreedRecord = { ...promised, state: 'free', client: own.client }
  expect(agreementsDiffer(agreementOf(free), agreementOf({ ...free, client: null }))).toBe(false)
  expect(agreementsDiffer(agreementOf(free), agreementOf({ ...free, state: 'free-backup' }))).toBe(true)
})

test('only of an address that nobody ever held the partner needs no record', () => {
  const { client } = own
  expect(needsNoRecord({ kind: 'address', state: 'free', client: null })).toBe(true)
  expect(needsNoRecord({ kind: 'address', state: 'free', client })).toBe(false)
  expect(needsNoRecord({ kind: 'prefix', state: 'free-backup', client: null })).toBe(false)
  expect(needsNoRecord({ kind: 'address', state: 'abandoned', client: null })).toBe(false)
  // Of a proportional pool: whose it is.
  expect(needsNoRecord({ kind: 'address', state: 'free-backup', client: null })).toBe(false)
})

describe('telling the partner again', () => {
  const other = { duid: '00:03:00:01:02:00:00:00:00:77', iaType: 'IA_NA', iaid: 1 } as const
  const { state, client } = own

  it('makes it more careful where it has none, an end, or the same with other promises', () => {
    expect(mayBeToldAgain(own, null)).toBe(true)
    for (const ended of ['expired', 'released', 'free', 'free-backup', 'reset'] as const) {
      expect(mayBeToldAgain(own, { state: ended, client: other })).toBe(true)
    }
    expect(mayBeToldAgain(own, { state, client, expirationTime: null })).toBe(true)
    expect(mayBeToldAgain({ ...own, state: 'abandoned' }, { state, client })).toBe(true)
  })

  it('could take a lease from its client where both have one, or where it is over here only', () => {
    expect(mayBeToldAgain(own, { state, client: other })).toBe(false)
    expect(mayBeToldAgain({ ...own, state: 'expired' }, { state, client })).toBe(false)
    expect(mayBeToldAgain({ ...own, state: 'free' }, { state: 'free-backup', client: null })).toBe(false)
    expect(mayBeToldAgain(own, {}), 'it did not say').toBe(false)
  })
})
