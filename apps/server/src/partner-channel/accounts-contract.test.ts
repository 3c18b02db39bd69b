/** What a partner says of accounts is read with care: a copy that is not understood gives nobody anything, and keeps the rest from nobody. */
import { expect, test } from 'vitest'
import { readAccountsAnswer } from './accounts-contract.ts'

const operator = {
  id: 'o1',
  name: 'ada',
  createdAtMs: 1,
  role: 'viewer',
  disabled: false,
  accessLineage: '',
  passwordHash: '$argon2id$v=19$x',
  passwordTemporary: false,
  passwordLineage: 'Zm9v YmFy',
}
const removal = { kind: 'api-token', id: 't1', name: 'cron', atMs: 1 }
const answer = (
  operators: readonly unknown[],
  removals: readonly unknown[] = [],
  webhooks: readonly unknown[] = [],
) => ({
  digest: 'abc',
  accounts: { operators, tokens: [], webhooks, removals },
})
const webhook = {
  id: 'w1',
  name: 'routes',
  url: 'https://routes.example.net/',
  secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  subnets: '["2001:db8::/64"]',
  kinds: 'prefix',
  events: 'assigned ended',
  beginsWithOldest: false,
  certificateAuthority: null,
  createdBy: 'ada',
  createdAtMs: 1,
}

test('a right answer is taken whole, and one without accounts says that nothing has changed', () => {
  expect(readAccountsAnswer(answer([operator], [removal]))).toEqual({
    ...answer([operator], [removal]),
    notUnderstood: 0,
    unknownRoles: 0,
  })
  expect(readAccountsAnswer({ digest: 'abc' })).toEqual({ digest: 'abc', notUnderstood: 0, unknownRoles: 0 })
})

test.each([
  ['a role that is no word', { role: "x'; --" }],
  ['a password that is no hash', { passwordHash: 'secret' }],
  ['a name that nobody may have', { name: 'a b' }],
  ['a lineage of other letters', { passwordLineage: "x'; --" }],
])('%s is left out and counted, and removals count all the same', (_what, change) => {
  const read = readAccountsAnswer(answer([{ ...operator, ...change }], [removal]))
  expect(read).toEqual({ ...answer([], [removal]), notUnderstood: 1, unknownRoles: 0 })
})

test.each([
  ['no URL that may be one', { url: 'http://routes.example.net/' }],
  ['subnets that are no list', { subnets: 'all' }],
  ['a secret that signs nothing', { secret: 'whsec_' }],
])('of two webhooks one with %s is left out and counted', (_what, change) => {
  const removed = { kind: 'webhook', id: 'w0', name: 'old', atMs: 1 }
  const read = readAccountsAnswer(answer([], [removed], [webhook, { ...webhook, ...change }]))
  expect(read).toEqual({ ...answer([], [removed], [webhook]), notUnderstood: 1, unknownRoles: 0 })
})

test('a version that has no webhooks tells none', () => {
  const { webhooks: _none, ...accounts } = answer([operator]).accounts
  expect(readAccountsAnswer({ digest: 'abc', accounts })?.accounts).toMatchObject({ operators: [{}], webhooks: [] })
})

test('a role of another version is kept as it is told, and counted', () => {
  const auditor = { ...operator, role: 'auditor' }
  expect(readAccountsAnswer(answer([auditor, { ...operator, id: 'o2' }]))).toMatchObject({
    accounts: {
      operators: [
        { id: 'o1', role: 'auditor' },
        { id: 'o2', role: 'viewer' },
      ],
    },
    notUnderstood: 0,
    unknownRoles: 1,
  })
})

test.each([[undefined], ['text'], [{}], [{ digest: 'a b' }], [{ digest: 'abc', accounts: [] }]])(
  '%j is no answer',
  (body) => {
    expect(readAccountsAnswer(body)).toBeUndefined()
  },
)
