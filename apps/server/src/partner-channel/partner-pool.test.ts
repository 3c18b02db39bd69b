/** One pool as the partner counts it: told, not there, or not to be had. */
import { PartnerPool, routeExamples } from '@tandem/api-contract'
import { expect, test } from 'vitest'
import { pathOf } from './channel-contract.ts'
import { askPool } from './partner-pool.ts'
import type { Asked } from './partner-questions.ts'

const [pool] = routeExamples.listPools.answer.items
if (pool === undefined) throw new Error('the example has a pool')

async function asking(asked: Asked, poolId = pool?.id ?? '', askedWhole = asked) {
  const paths: string[] = []
  const questions = {
    ask: async (path: string) => {
      paths.push(path)
      return paths.length === 1 ? asked : askedWhole
    },
  }
  const answer = await askPool({ relationship: 'pair', partnerName: 'beta', questions }, poolId, () => 1_000)
  return { paths, answer: PartnerPool.parse(answer) }
}

const answered = (body: unknown): Asked => ({ kind: 'answered', body, sentAtMs: 0, receivedAtMs: 0 })

test('what the partner counts is told with the time, and nothing else of its answer', async () => {
  const { paths, answer } = await asking(answered({ items: [{ id: 'another' }, { ...pool, leased: 7 }] }))
  expect(paths).toEqual([pathOf({ relationship: 'pair', kind: 'pools', from: pool.id })])
  expect(answer).toMatchObject({ serverName: 'beta', outcome: 'told', asOf: '1970-01-01T00:00:01.000Z' })
  expect(answer.counts).toMatchObject({ total: pool.total, ownFree: pool.ownFree })
  // No count that this version understands.
  expect(answer.counts).not.toHaveProperty('leased')
  expect(answer.counts).not.toHaveProperty('subnetId')
})

test('a partner without such a pool says so', async () => {
  const { answer } = await asking(answered({ items: [pool] }), 'another')
  expect(answer).toMatchObject({ outcome: 'no-pool', counts: null, problem: null })
})

test.each([
  [{ kind: 'silent', problem: 'no answer within 3 s' } as const, 'no answer within 3 s'],
  [answered({ pools: [] }), 'its answer is not understood: it has no list of pools'],
  [answered('hello'), 'its answer is not understood: it has no list of pools'],
])('%j is unavailable, with the reason', async (asked, problem) => {
  expect((await asking(asked)).answer).toMatchObject({ outcome: 'unavailable', counts: null, problem })
})

test('a partner that knows no pages of pools is asked for all of them', async () => {
  const knowsNone: Asked = { kind: 'unusable', status: 404, problem: 'it refuses the question: this is not asked here' }
  const { paths, answer } = await asking(knowsNone, pool.id, answered({ items: [pool] }))
  expect(paths.at(-1)).toBe('/channel/v1/relationships/pair/pools')
  expect(answer).toMatchObject({ outcome: 'told', counts: { total: pool.total } })
})
