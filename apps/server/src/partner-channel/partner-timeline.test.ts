/** The partner's timeline, and every way in which it cannot be had. */
import { routeExamples, TimelineEntry, TimelineServer } from '@tandem/api-contract'
import { expect, test } from 'vitest'
import type { Asked } from './partner-questions.ts'
import { askTimeline } from './partner-timeline.ts'

const { items } = routeExamples.getTimeline.answer
const stretch = { fromMs: 1_000, toMs: 2_000, limit: 5 }

const answered = (body: unknown): Asked => ({ kind: 'answered', body, sentAtMs: 0, receivedAtMs: 0 })

async function asking(answer: Asked) {
  const paths: string[] = []
  const ask = async (path: string) => {
    paths.push(path)
    return answer
  }
  const timeline = await askTimeline(
    { relationship: 'pair', partnerName: 'beta', questions: { ask } },
    stretch,
    () => 1_795_840_000_000,
  )
  TimelineServer.parse(timeline.server)
  for (const entry of timeline.items) TimelineEntry.parse(entry)
  return { paths, ...timeline }
}

test('is what the partner told of the stretch, under its name', async () => {
  const told = { stateBefore: 'normal', completeFrom: '2026-11-27T03:00:00.000Z', items }
  const timeline = await asking(answered(told))
  expect(timeline.paths).toEqual(['/channel/v1/relationships/pair/timeline/1000,2000,5'])
  expect(timeline.server).toEqual({
    serverName: 'beta',
    outcome: 'told',
    problem: null,
    asOf: new Date(1_795_840_000_000).toISOString(),
    stateBefore: 'normal',
    completeFrom: '2026-11-27T03:00:00.000Z',
  })
  expect(timeline.items).toEqual(items.map((entry) => ({ ...entry, serverName: 'beta' })))
})

test('of a newer version, what is not known here is passed over', async () => {
  const newer = [...items, { ...items[0], kind: 'alarm' }, { ...items[0], to: 'hibernating' }, 'text']
  const timeline = await asking(answered({ items: newer, stateBefore: 'hibernating', completeFrom: null, more: 1 }))
  expect(timeline.items).toHaveLength(items.length)
  expect(timeline.server).toMatchObject({ outcome: 'told', stateBefore: null })
})

test.each<readonly [string, Asked]>([
  ['no answer within 3 s', { kind: 'silent', problem: 'no answer within 3 s' }],
  [
    'it does not tell its timeline; it may be of an older version',
    { kind: 'unusable', status: 404, problem: 'it refuses the question: this is not asked here' },
  ],
  ['its answer is not understood: it has no list of entries', answered({ items: 'none' })],
  ['its answer is not understood: it has no list of entries', answered(null)],
])('%s: that is said', async (problem, asked) => {
  const timeline = await asking(asked)
  expect(timeline).toMatchObject({ server: { outcome: 'unavailable', problem, stateBefore: null }, items: [] })
})
