/** What the partner finds, and every way in which it cannot be had. */
import { routeExamples } from '@tandem/api-contract'
import { expect, test } from 'vitest'
import { askChecks } from './partner-checks.ts'
import type { Asked } from './partner-questions.ts'

const { items } = routeExamples.listChecks.answer
const answered = (body: unknown): Asked => ({ kind: 'answered', body, sentAtMs: 0, receivedAtMs: 0 })

async function asking(answer: Asked) {
  const paths: string[] = []
  const ask = async (path: string) => {
    paths.push(path)
    return answer
  }
  const found = await askChecks({ relationship: 'pair', partnerName: 'beta', questions: { ask } }, () => 1_000)
  expect(paths).toEqual(['/channel/v1/relationships/pair/checks'])
  return found
}

test('is said under its name, of the relationship that was asked about; what is not known here is passed over', async () => {
  const newer = [...items, { ...items[0], subject: 'horoscope' }, { ...items[0], outcome: 'superb' }, 7]
  const found = await asking(answered({ items: newer }))
  expect(found.server).toEqual({
    serverName: 'beta',
    outcome: 'told',
    problem: null,
    asOf: new Date(1_000).toISOString(),
  })
  expect(found.items).toEqual(
    items.map((item) => ({ ...item, serverName: 'beta', relationship: item.relationship === null ? null : 'pair' })),
  )
})

test.each<readonly [string, Asked]>([
  ['no answer within 3 s', { kind: 'silent', problem: 'no answer within 3 s' }],
  [
    'it does not tell what it finds; it may be of an older version',
    { kind: 'unusable', status: 404, problem: 'it refuses the question: this is not asked here' },
  ],
  ['its answer is not understood: it has no list of findings', answered([])],
])('%s: that is said', async (problem, asked) => {
  expect(await asking(asked)).toMatchObject({ server: { outcome: 'unavailable', problem }, items: [] })
})
