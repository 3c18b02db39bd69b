/** Questions of the private channel are read back as they were written, and what is told at once has its bound. */
import { routeExamples } from '@tandem/api-contract'
import { expect, test } from 'vitest'
import { pathOf, poolsFrom, questionAt } from './channel-contract.ts'
import type { Question, ToldPools } from './channel-contract.ts'

const relationship = 'north/south pair'

test.each<Question>([
  { relationship, kind: 'status' },
  { relationship, kind: 'checks' },
  { relationship, kind: 'timeline', fromMs: 0, toMs: 1_795_840_000_000, limit: 500 },
  { relationship, kind: 'pools' },
  { relationship, kind: 'pools', from: '2001:db8::/64 2001:db8::1-2001:db8::ff' },
  { relationship, kind: 'lease', lease: '2001:db8::/56' },
  { relationship, kind: 'lease-hashes', keys: ['2001:db8::1', '2001:db8::-56'] },
  { relationship, kind: 'accounts', digest: 'none' },
  { relationship, kind: 'sign-in-code', hash: 'ab12' },
])('$kind is understood as it was asked', (question) => {
  expect(questionAt(pathOf(question))).toEqual(question)
})

test.each([
  '/channel/v1/relationships/pair/checks/1',
  '/channel/v1/relationships/pair/timeline',
  '/channel/v1/relationships/pair/timeline/1,2',
  '/channel/v1/relationships/pair/timeline/1,2,501',
  '/channel/v1/relationships/pair/timeline/1,x,5',
  '/channel/v1/relationships/pair/pools/a/b',
  '/pools',
])('%s is asked nowhere', (path) => {
  expect(questionAt(path)).toBeUndefined()
})

test('thousands of pools are told in pieces that fit into an answer, each once and in order', () => {
  const [pool] = routeExamples.listPools.answer.items
  if (pool === undefined) throw new Error('the example has a pool')
  const ids = Array.from({ length: 2_000 }, (_, index) => `pool ${String(index).padStart(4, '0')}`)
  const items = ids.toReversed().map((id) => ({ ...pool, id }))
  const list = { items, commitNumber: '1', publishedAt: '2026-11-27T01:00:00.000Z' }
  const seen: string[] = []
  let told: ToldPools = poolsFrom(list)
  for (;;) {
    expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThan(262_144)
    seen.push(...told.items.map(({ id }) => id))
    if (told.nextFrom === null) break
    told = poolsFrom(list, told.nextFrom)
  }
  expect(seen).toEqual(ids)
  expect(poolsFrom(list, 'pool 1234').items[0]?.id).toBe('pool 1234')
  expect(poolsFrom(list, 'pool 9999')).toMatchObject({ items: [], nextFrom: null })
})
