/** A page of leases in the hashes of the partner: compared, or not and why. */
import { AGREEMENT_RULES, LeaseComparison, routeExamples } from '@tandem/api-contract'
import type { Lease } from '@tandem/api-contract'
import { expect, test } from 'vitest'
import { hashedLeases } from './lease-hashes.ts'
import { askComparison } from './partner-comparison.ts'
import type { Asked } from './partner-questions.ts'

const lease: Lease = { ...routeExamples.getLease.answer, ackedPartnerLifetime: null }
const other: Lease = { ...lease, lease: '2001:db8::/56', key: '2001:db8::-56', kind: 'prefix' }

async function asking(asked: Asked) {
  const paths: string[] = []
  const questions = {
    ask: async (path: string) => {
      paths.push(path)
      return asked
    },
  }
  const of = { relationship: 'pair', partnerName: 'alpha', questions }
  const { items, partner } = await askComparison(of, [lease, other], () => 1_000)
  return { paths, partner, outcomes: items.map((item) => LeaseComparison.parse(item).outcome) }
}

const answered = (body: unknown): Asked => ({ kind: 'answered', body, sentAtMs: 0, receivedAtMs: 0 })

test('all are asked for at once, and each is compared', async () => {
  const { paths, partner, outcomes } = await asking(answered(hashedLeases([{ ...lease, state: 'expired' }])))
  expect(paths).toEqual(['/channel/v1/relationships/pair/lease-hashes/2001%3Adb8%3A1%3A%3A1f3%2C2001%3Adb8%3A%3A-56'])
  expect(outcomes).toEqual(['differs', 'no-record'])
  expect(partner).toEqual({
    relationship: 'pair',
    serverName: 'alpha',
    asOf: '1970-01-01T00:00:01.000Z',
    problem: null,
  })
  expect((await asking(answered(hashedLeases([other, lease])))).outcomes).toEqual(['agrees', 'agrees'])
})

test.each<[Asked, RegExp]>([
  [{ kind: 'silent', problem: 'no answer within 3 s' }, /^no answer within 3 s$/u],
  [{ kind: 'unusable', status: 404, problem: 'it refuses the question: this is not asked here' }, /not asked here/u],
  [answered({ rules: AGREEMENT_RULES, items: [{ key: lease.key }] }), /not understood/u],
  [answered('hello'), /not understood/u],
  [answered({ rules: AGREEMENT_RULES + 1, items: [] }), /by other rules/u],
])('%j: nothing is compared, and why is said', async (asked, problem) => {
  const { partner, outcomes } = await asking(asked)
  expect(outcomes).toEqual(['unavailable', 'unavailable'])
  expect(partner.problem).toMatch(problem)
})
