/** Stretches of two tables: one digest where they agree, and each lease where they may not. */
import { AGREEMENT_RULES, routeExamples } from '@tandem/api-contract'
import { expect, test } from 'vitest'
import type { ComparableLease } from '../http/channel-views.ts'
import { compareStretch, digestOf, tellStretch, ToldStretch } from './lease-stretch.ts'

const example = routeExamples.getLease.answer
const keyOf = (number: number): string => `a${number.toString(16).padStart(32, '0')}-128`
const own = (number: number, more: Partial<ComparableLease> = {}): ComparableLease => {
  return { ...example, key: keyOf(number), owedToPartner: false, ...more }
}
/** As the partner has it. */
const theirs = (number: number, more: Partial<ComparableLease> = {}): ComparableLease => {
  const { ackedPartnerLifetime, expirationTime } = example
  return own(number, { ackedPartnerLifetime: expirationTime, expirationTime: ackedPartnerLifetime, ...more })
}

function compared(
  ours: readonly ComparableLease[],
  partners: readonly ComparableLease[],
  upTo: string | null = null,
): Readonly<Record<string, string>> {
  const told = ToldStretch.parse(tellStretch(partners, upTo, digestOf(ours, 'asker')))
  return Object.fromEntries(
    compareStretch(ours, told).map(({ key, outcome }) => [Number(`0x${key.slice(1, 33)}`), outcome]),
  )
}

test('where all agree only the digest goes over the wire', () => {
  const ours = [own(1), own(2)]
  const told = tellStretch([theirs(1), theirs(2)], null, digestOf(ours, 'asker'))
  expect(told).toEqual({ rules: AGREEMENT_RULES, isSame: true, items: [], upTo: null })
  expect(compareStretch(ours, told).map(({ outcome }) => outcome)).toEqual(['agrees', 'agrees'])
})

test('a digest holds state, client and both acknowledgements, and nothing else', () => {
  const asked = digestOf([own(1)], 'asker')
  const told = (more: Partial<ComparableLease>): string => digestOf([theirs(1, more)], 'answerer')
  expect(told({})).toBe(asked)
  for (const more of [
    { state: 'expired' },
    { client: null },
    { expirationTime: null },
    { ackedPartnerLifetime: '2026-11-27T03:00:00.000Z' },
    { key: keyOf(3) },
  ] as const)
    expect(told(more)).not.toBe(asked)
})

test('what differs, and what only one of them has', () => {
  expect(compared([own(1), own(2), own(3)], [theirs(1), theirs(3, { state: 'expired' }), theirs(4)])).toEqual({
    1: 'agrees',
    2: 'no-record',
    3: 'differs',
    4: 'only-there',
  })
})

test('an address that nobody ever held needs no record on either side', () => {
  const nobodys = { state: 'free', client: null, expirationTime: null, ackedPartnerLifetime: null } as const
  expect(compared([own(1, nobodys)], [theirs(2, nobodys)])).toEqual({ 1: 'agrees' })
  expect(compared([own(1, nobodys), own(3)], [theirs(2, nobodys), theirs(3, { client: null })])).toEqual({
    1: 'agrees',
    2: 'agrees',
    3: 'differs',
  })
})

test('what one still owes the other is told apart, and its stretch has no digest', () => {
  const owed = { owedToPartner: true }
  expect(compared([own(1, owed), own(2)], [theirs(1), theirs(2)])).toEqual({ 1: 'owed', 2: 'agrees' })
  expect(compared([own(1), own(2)], [theirs(1, owed), theirs(2), theirs(3, owed)])).toEqual({
    1: 'owed',
    2: 'agrees',
    3: 'owed',
  })
  expect(compared([own(1, owed)], [theirs(1, owed)])).toEqual({ 1: 'owed' })
})

test('a server that knows no acknowledgement any more still agrees, lease by lease', () => {
  const forgetful = { ackedPartnerLifetime: null }
  expect(digestOf([theirs(1)], 'answerer')).not.toBe(digestOf([own(1, forgetful)], 'asker'))
  expect(compared([own(1, forgetful)], [theirs(1, { expirationTime: '2026-11-27T03:00:00.000Z' })])).toEqual({
    1: 'agrees',
  })
})

test('where the partner told only the beginning, only that is compared', () => {
  expect(compared([own(1), own(5)], [theirs(1), theirs(2)], keyOf(2))).toEqual({ 1: 'agrees', 2: 'only-there' })
  expect(compared([own(1)], [theirs(1)], keyOf(1)), 'though the digest is the same').toEqual({ 1: 'agrees' })
})
