/** One question for a stretch, and every answer that is of no use. */
import { AGREEMENT_RULES } from '@tandem/api-contract'
import { expect, test } from 'vitest'
import { questionAt } from './channel-contract.ts'
import { tellStretch } from './lease-stretch.ts'
import type { Asked } from './partner-questions.ts'
import { askStretch } from './partner-stretch.ts'

const key = (digit: string): string => `a${digit.repeat(32)}-128`

async function asking(asked: Asked, after: string | null = null, through: string | null = null) {
  const paths: string[] = []
  const questions = {
    ask: async (path: string) => {
      paths.push(path)
      return asked
    },
  }
  const answer = await askStretch(
    { relationship: 'a/b', partnerName: 'beta', questions },
    { after, through, leases: [] },
  )
  return { answer, path: paths[0] ?? '' }
}

const answered = (body: unknown): Asked => ({ kind: 'answered', body, sentAtMs: 0, receivedAtMs: 0 })

test('bounds and digest are read as they were asked', async () => {
  const { path } = await asking(answered({}), key('1'), key('2'))
  expect(questionAt(path)).toEqual({
    relationship: 'a/b',
    kind: 'lease-stretch',
    after: key('1'),
    through: key('2'),
    digest: expect.stringMatching(/^[\w-]{16}$/u),
  })
  const whole = await asking(answered({}))
  expect(questionAt(whole.path)).toMatchObject({ after: null, through: null })
  expect(questionAt(`${path}x,y`)).toBeUndefined()
  expect(questionAt('/channel/v1/relationships/r/lease-stretches/a1,,none')).toBeUndefined()
})

test('an empty stretch is an answer', async () => {
  const { answer } = await asking(answered(tellStretch([], null, 'none')))
  expect(answer).toEqual({ kind: 'compared', items: [], upTo: null })
})

test.each<[Asked, RegExp, boolean]>([
  [{ kind: 'silent', problem: 'no answer within 3 s' }, /no answer/u, false],
  [{ kind: 'unusable', status: 500, problem: 'it failed' }, /failed/u, false],
  [{ kind: 'unusable', status: 404, problem: 'this is not asked here' }, /older version/u, true],
  [answered({ ...tellStretch([], null, 'none'), rules: AGREEMENT_RULES + 1 }), /other rules/u, true],
  [answered('hello'), /not understood/u, true],
  [answered(tellStretch([], key('1'), 'none')), /where it was before/u, true],
  [answered(tellStretch([], key('4'), 'none')), /where it was before/u, true],
])('%j is no comparison', async (asked, problem, isFinal) => {
  const { answer } = await asking(asked, key('2'), key('3'))
  expect(answer).toMatchObject({ kind: 'failed', problem: expect.stringMatching(problem), isFinal })
})
