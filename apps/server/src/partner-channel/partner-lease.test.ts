/** One lease in the words of the partner: told, not there, or not to be had. */
import { PartnerLease, routeExamples } from '@tandem/api-contract'
import { expect, test } from 'vitest'
import { askLease } from './partner-lease.ts'
import type { Asked } from './partner-questions.ts'

const { lease: text } = routeExamples.getLease.answer

async function asking(asked: Asked) {
  const paths: string[] = []
  const questions = {
    ask: async (path: string) => {
      paths.push(path)
      return asked
    },
  }
  const answer = await askLease({ relationship: 'pair', partnerName: 'alpha', questions }, text, () => 1_000)
  return { paths, answer: PartnerLease.parse(answer) }
}

const answered = (body: unknown): Asked => ({ kind: 'answered', body, sentAtMs: 0, receivedAtMs: 0 })

test('what the partner says of it is told with the time, and nothing else of its answer', async () => {
  const { paths, answer } = await asking(answered({ ...routeExamples.getLease.answer, mood: 'good' }))
  expect(paths).toEqual(['/channel/v1/relationships/pair/leases/2001%3Adb8%3A1%3A%3A1f3'])
  expect(answer).toMatchObject({ serverName: 'alpha', outcome: 'told', asOf: '1970-01-01T00:00:01.000Z' })
  expect(answer.record).toMatchObject({ state: 'active', validSeconds: 7200, owedToPartner: false })
  expect(answer.record).not.toHaveProperty('mood')
})

test('what an older or odd partner does not say is absent, and null stays null', async () => {
  const { answer } = await asking(
    answered({ lease: text, state: 'odd', stateExpiresAt: null, validSeconds: 'long', client: { duid: 7 } }),
  )
  expect(answer.record).toEqual({ stateExpiresAt: null })
})

test('a partner that has no record says so', async () => {
  const { answer } = await asking({ kind: 'unusable', status: 404, problem: 'there is no such record here' })
  expect(answer).toMatchObject({ outcome: 'no-record', record: null, problem: null })
})

test.each([
  [{ kind: 'silent', problem: 'no answer within 3 s' } as const, 'no answer within 3 s'],
  [{ kind: 'unusable', problem: 'TLS: no' } as const, 'TLS: no'],
  [answered({ lease: '2001:db8::9' }), `its answer is not understood: it is not about ${text}`],
  [answered('hello'), `its answer is not understood: it is not about ${text}`],
])('%j is unavailable, with the reason', async (asked, problem) => {
  expect((await asking(asked)).answer).toMatchObject({ outcome: 'unavailable', record: null, problem })
})
