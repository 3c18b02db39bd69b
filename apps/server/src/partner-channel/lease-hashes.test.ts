/** Hashes of records: alike where the records are to be alike, and silent about the rest. */
import { routeExamples } from '@tandem/api-contract'
import type { Lease } from '@tandem/api-contract'
import { expect, test } from 'vitest'
import { compareRecords, hashedLease, HashedLeases, hashedLeases } from './lease-hashes.ts'

const own: Lease = routeExamples.getLease.answer
/** As the partner has it. */
const theirs: Lease = { ...own, ackedPartnerLifetime: own.expirationTime, expirationTime: own.ackedPartnerLifetime }

test('hashes are as the answer has them, say nothing of the client, and stay the same', () => {
  const told = hashedLeases([own])
  expect(HashedLeases.parse(told)).toEqual(told)
  expect(JSON.stringify(told)).not.toContain(own.client?.duid)
  expect(hashedLease(own)).toEqual({
    key: own.key,
    agreed: '3WzUFon-hKC3rs_N',
    countsOn: 'KAkilXqq7ZRZeYfl',
    acknowledged: null,
    owedToPartner: false,
  })
})

test.each<[string, Partial<Lease>]>([
  ['when it ends and how long it was given', { stateExpiresAt: null, validSeconds: 60, preferredSeconds: 30 }],
  ['when the client was heard', { clientHeardAt: null, partnerHeardClientAt: own.stateSince }],
  ['what is still to be told', { partnerLifetime: own.stateSince }],
  ['names and relays', { clientHostName: null, relays: [], relayData: null }],
])('%s may differ', (_what, change) => {
  expect(compareRecords(own, hashedLease({ ...theirs, ...change }))).toEqual({ outcome: 'agrees', owedBy: null })
})

test.each<[string, Partial<Lease>]>([
  ['state', { state: 'released' }],
  ['client', { client: null }],
  ['acknowledgement', { expirationTime: null }],
])('another %s differs', (_what, change) => {
  expect(compareRecords(own, hashedLease({ ...theirs, ...change }))).toEqual({ outcome: 'differs', owedBy: null })
})

test('what one still owes the other is not compared', () => {
  const otherState: Lease = { ...theirs, state: 'expired' }
  const owed = { owedToPartner: true }
  expect(compareRecords({ ...own, ...owed }, hashedLease(otherState)).owedBy).toBe('this-server')
  expect(compareRecords(own, hashedLease({ ...otherState, ...owed })).owedBy).toBe('partner')
  expect(compareRecords({ ...own, ...owed }, hashedLease({ ...otherState, ...owed }))).toEqual({
    outcome: 'owed',
    owedBy: 'both',
  })
  expect(compareRecords({ ...own, ...owed }, undefined)).toEqual({ outcome: 'owed', owedBy: 'this-server' })
})

test('a record that the partner has not is missed, but for an address that nobody ever held', () => {
  expect(compareRecords(own, undefined).outcome).toBe('no-record')
  expect(compareRecords({ ...own, state: 'free', client: null }, undefined).outcome).toBe('agrees')
})
