/** The settings of the partner, page by page, and every way in which they cannot be had. */
import { ConfigurationComparison } from '@tandem/api-contract'
import { expect, test } from 'vitest'
import type { SharedSetting } from '../configuration/shared-settings.ts'
import { questionAt } from './channel-contract.ts'
import type { Asked } from './partner-questions.ts'
import { askSettings, settingsFrom } from './partner-settings.ts'

const subnetId = '2001:db8:1::/64'
const reservation = (number: number): SharedSetting => ({
  group: 'reservation',
  subnetId,
  setting: `2001:db8:1::${number.toString(16).padStart(4, '0')}`,
  value: `for 00:03:00:01:02:00:00:00:${number}, named ${'x'.repeat(120)}`,
})
const settings: readonly SharedSetting[] = [
  ...Array.from({ length: 4_000 }, (_, number) => reservation(number)),
  { group: 'subnet', subnetId, setting: subnetId, value: 'served' },
]

const answered = (body: unknown): Asked => ({ kind: 'answered', body, sentAtMs: 0, receivedAtMs: 0 })

async function asking(answer: (path: string) => Asked) {
  const paths: string[] = []
  const ask = async (path: string) => {
    paths.push(path)
    return answer(path)
  }
  const comparison = await askSettings(
    { relationship: 'pair', partnerName: 'beta', questions: { ask } },
    { serverName: 'alpha', settings },
    () => 1_000,
  )
  return { paths, comparison: ConfigurationComparison.parse(comparison) }
}

/** As the listener of the partner would. */
function tellOf(theirs: readonly SharedSetting[]): (path: string) => Asked {
  return (path) => {
    const question = questionAt(path)
    if (question?.kind !== 'settings') throw new Error(`no question at ${path}`)
    const told = settingsFrom(theirs, question.from)
    expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThan(262_144)
    return answered(JSON.parse(JSON.stringify(told)))
  }
}

test('thousands of them are told in several answers, and compared as a whole', async () => {
  const { paths, comparison } = await asking(tellOf(settings))
  expect(paths.length).toBeGreaterThan(2)
  expect(comparison).toMatchObject({ outcome: 'compared', settings: '4001', differing: '0', differences: [] })
})

test('more differences than are worth a page are counted', async () => {
  const others = settings.map((each) => (each.group === 'reservation' ? { ...each, value: 'for another' } : each))
  const { comparison } = await asking(tellOf(others))
  expect(comparison).toMatchObject({ differing: '4000' })
  expect(comparison.differences).toHaveLength(200)
  expect(comparison.differences[0]).toMatchObject({ there: 'for another', weight: 'must-agree' })
})

test('a group that this version does not know is passed over', async () => {
  const newer = { items: [...settings, { group: 'class', subnetId, setting: 'phones', value: 'x' }], nextFrom: null }
  expect((await asking(() => answered(newer))).comparison).toMatchObject({ differing: '0' })
})

test.each<readonly [string, Asked]>([
  ['no answer within 3 s', { kind: 'silent', problem: 'no answer within 3 s' }],
  [
    'it does not tell its configuration; it may be of an older version',
    { kind: 'unusable', status: 404, problem: 'it refuses the question: this is not asked here' },
  ],
  ['its answer is not understood: it has no list of settings', answered({ items: [{ setting: 'x' }], nextFrom: null })],
  ['it has not told all of its settings in 100 answers', answered({ items: [], nextFrom: 'x' })],
])('%s: that is said', async (problem, asked) => {
  const { comparison } = await asking(() => asked)
  expect(comparison).toMatchObject({ outcome: 'unavailable', problem, settings: '0', differences: [] })
})
