/** Secrets that were answered are forgotten after ten minutes, and early under a flood. */
import { expect, test } from 'vitest'
import { SecretAnswers } from './secret-answers.ts'

const answer = { requestHash: 'a', status: 201, body: '{"token":"secret"}' }

test('an answer is found again for ten minutes', () => {
  let nowMs = 0
  const answers = new SecretAnswers(() => nowMs)
  answers.keep('one', answer)
  nowMs = 600_000
  expect(answers.find('one')).toBe(answer)
  nowMs += 1
  expect(answers.find('one')).toBeUndefined()
})

test('beyond a thousand the oldest goes', () => {
  const answers = new SecretAnswers(() => 0)
  for (let count = 0; count <= 1_000; count += 1) answers.keep(`number ${count}`, answer)
  expect(answers.find('number 0')).toBeUndefined()
  expect(answers.find('number 1')).toBe(answer)
  expect(answers.find('number 1000')).toBe(answer)
})
