/** Two servers change accounts without hearing each other: what they make of it is the same on both, and takes nothing back. */
import { describe, expect, test } from 'vitest'
import { joined, orderOf, withChange } from './account-lineage.ts'
import { mergeAccounts } from './account-merge.ts'
import type { AccountsCopy, OperatorCopy, TokenCopy } from './account-merge.ts'

const ada: OperatorCopy = {
  id: '11111111-aaaa',
  name: 'ada',
  createdAtMs: 1_000,
  role: 'administrator',
  disabled: false,
  accessLineage: '',
  passwordHash: '$argon2id$first',
  passwordTemporary: false,
  passwordLineage: '',
}
const token: TokenCopy = {
  id: 't1',
  name: 'monitoring',
  tokenHash: 'ab',
  role: 'viewer',
  scope: '',
  createdBy: 'ada',
  createdAtMs: 1_000,
  expiresAtMs: null,
}
const none: AccountsCopy = { operators: [], tokens: [], webhooks: [], removals: [] }
const of = (...operators: readonly OperatorCopy[]): AccountsCopy => ({ ...none, operators })

const access = (before: OperatorCopy, change: Partial<OperatorCopy>): OperatorCopy => ({
  ...before,
  ...change,
  accessLineage: withChange(before.accessLineage),
})
const password = (before: OperatorCopy, passwordHash: string, passwordTemporary = false): OperatorCopy => ({
  ...before,
  passwordHash,
  passwordTemporary,
  passwordLineage: withChange(before.passwordLineage),
})

/** What both come to, which has to be one and the same, and stay so. */
function agreed(own: AccountsCopy, told: AccountsCopy): AccountsCopy {
  const one = inOrder(mergeAccounts(own, told))
  expect(inOrder(mergeAccounts(told, own))).toEqual(one)
  expect(inOrder(mergeAccounts(one, told))).toEqual(one)
  expect(inOrder(mergeAccounts(own, one))).toEqual(one)
  expect(inOrder(mergeAccounts(one, one))).toEqual(one)
  return one
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1)
const inOrder = ({ operators, tokens, webhooks, removals }: AccountsCopy): AccountsCopy => ({
  operators: operators.toSorted(byId),
  tokens: tokens.toSorted(byId),
  webhooks: webhooks.toSorted(byId),
  removals: removals.toSorted(byId),
})

describe('of two copies of an operator', () => {
  test('the later one counts, though it gives more and whatever the clocks say', () => {
    const demoted = access(ada, { role: 'viewer' })
    const restored = access(demoted, { role: 'operator' })
    expect(agreed(of(demoted), of(restored)).operators).toEqual([restored])
    expect(agreed(of(ada), of(restored)).operators).toEqual([restored])
  })

  test('what gives less counts where both were changed at once, however often either was', () => {
    const enabled = access(access(access(access(ada, { role: 'viewer' }), { role: 'operator' }), {}), {})
    const disabled = access(ada, { disabled: true })
    expect(agreed(of(enabled), of(disabled)).operators).toMatchObject([{ role: 'operator', disabled: true }])
  })

  test('what was joined is later than either, and can be changed again', () => {
    const one = access(ada, { role: 'viewer' })
    const other = access(ada, { disabled: true })
    const [both] = agreed(of(one), of(other)).operators
    if (both === undefined) throw new Error('nobody is left')
    const back = access(both, { role: 'administrator', disabled: false })
    expect(agreed(of(one), of(back)).operators).toEqual([back])
    expect(agreed(of(other), of(back)).operators).toEqual([back])
  })

  test('a change of role on one and of the password on the other are both kept', () => {
    const demoted = access(ada, { role: 'viewer' })
    const renewed = password(ada, '$argon2id$second')
    expect(agreed(of(demoted), of(renewed)).operators).toMatchObject([
      { role: 'viewer', passwordHash: '$argon2id$second' },
    ])
  })

  test('of two passwords chosen at once, the one that an administrator gave counts', () => {
    const own = password(ada, '$argon2id$zzz')
    const reset = password(ada, '$argon2id$aaa', true)
    expect(agreed(of(own), of(reset)).operators).toMatchObject([
      { passwordHash: '$argon2id$aaa', passwordTemporary: true },
    ])
    const other = password(ada, '$argon2id$bbb')
    expect(agreed(of(own), of(other)).operators).toMatchObject([{ passwordHash: '$argon2id$zzz' }])
  })
})

describe('what is removed', () => {
  const removed: AccountsCopy = {
    ...none,
    removals: [
      { kind: 'operator', id: ada.id, name: 'ada', atMs: 5 },
      { kind: 'api-token', id: 't1', name: 'monitoring', atMs: 6 },
    ],
  }

  test('stays so, whatever was changed at once and from whatever copy it is told again', () => {
    const changed = { ...of(access(password(ada, '$argon2id$new'), { role: 'administrator' })), tokens: [token] }
    expect(agreed(removed, changed)).toEqual(inOrder(removed))
  })

  test('stays so where it is a webhook', () => {
    const webhook = {
      id: 'w1',
      name: 'routes',
      url: 'https://routes.example.net/',
      secret: 'whsec_x',
      subnets: '[]',
      kinds: '',
      events: '',
      beginsWithOldest: false,
      certificateAuthority: null,
      createdBy: 'ada',
      createdAtMs: 1,
    }
    expect(agreed(none, { ...none, webhooks: [webhook] }).webhooks).toEqual([webhook])
    const gone = { ...none, removals: [{ kind: 'webhook', id: 'w1', name: 'routes', atMs: 6 }] } as const
    expect(agreed(gone, { ...none, webhooks: [webhook] }).webhooks).toEqual([])
  })

  test('is of its kind: a token with the id of an operator goes on', () => {
    const same = { ...none, tokens: [{ ...token, id: ada.id }] }
    expect(agreed(removed, same).tokens).toHaveLength(1)
  })
})

describe('two accounts of one name', () => {
  const later: OperatorCopy = { ...ada, id: '22222222-bbbb', createdAtMs: 2_000, passwordHash: '$argon2id$other' }

  test('both go on to exist, and the older one keeps the name', () => {
    expect(agreed(of(ada), of(later)).operators).toEqual([ada, { ...later, name: 'ada-22222222' }])
  })

  test('who gave the name up does not get it back when the other is removed, on either server', () => {
    const { operators } = mergeAccounts(of(ada), of(later))
    const removals = [{ kind: 'operator', id: ada.id, name: 'ada', atMs: 5 }] as const
    const here = { ...none, operators: operators.filter(({ id }) => id !== ada.id), removals }
    expect(agreed(here, of(later)).operators).toMatchObject([{ id: later.id, name: 'ada-22222222' }])
  })

  test('where somebody older is called as the new name would be, another one is found', () => {
    const namesake: OperatorCopy = { ...ada, id: '33333333-cccc', createdAtMs: 1, name: 'ada-22222222' }
    const { operators } = agreed({ ...none, operators: [namesake, ada] }, of(later))
    expect(operators.map(({ name }) => name).toSorted()).toEqual(['ada', 'ada-22222222', 'ada-22222222-bbbb'])
    expect(agreed({ ...none, operators }, of(later)).operators).toEqual(operators)
  })

  test('the new name is no longer than a name may be', () => {
    const long = 'a'.repeat(64)
    const { operators } = agreed(of({ ...ada, name: long }), of({ ...later, name: long }))
    expect(operators.map(({ name }) => name.length)).toEqual([64, 64])
  })
})

describe('a lineage', () => {
  test('says who is later only as far as it reaches back, and else counts as changed at once', () => {
    const first = withChange('')
    let latest = first
    for (let change = 0; change < 20; change += 1) latest = withChange(latest)
    expect(orderOf(first, latest)).toBe('told-is-later')
    for (let change = 0; change < 10; change += 1) latest = withChange(latest)
    expect(orderOf(first, latest)).toBe('at-once')
    expect(latest.length).toBeLessThan(400)
  })

  test('of a server that was put back to an older copy is older, and no new change of it is taken for an old one', () => {
    const copy = withChange('')
    const lost = withChange(copy)
    expect(orderOf(copy, lost)).toBe('told-is-later')
    expect(orderOf(withChange(copy), lost)).toBe('at-once')
  })

  test('is joined to the same, whoever does it', () => {
    const [one, other] = [withChange('a'), withChange('a')]
    expect(joined(one, other)).toBe(joined(other, one))
    expect(orderOf(one, joined(one, other))).toBe('told-is-later')
    expect(orderOf(joined(one, other), other)).toBe('own-is-later')
  })
})
