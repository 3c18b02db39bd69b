/** What a caller is told when something ends a request that is not an answer. */
import { expect, test } from 'vitest'
import { EngineSilent } from '../engine/engine-service.ts'
import { toHttpProblem } from './problem.filter.ts'

test('a command while storage fails is answered with 503, and what to do', () => {
  const problem = toHttpProblem(new EngineSilent('storage fails'))
  expect([problem.kind, problem.status]).toEqual(['unavailable', 503])
  expect(problem.details.remedy).toContain('Bring its storage back')
})

test('so is everything that needs a database that is away', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 192.0.2.1:5432'), { code: 'ECONNREFUSED' })
  expect(toHttpProblem(refused).status).toBe(503)
})

test('what we did not foresee is not shown', () => {
  const problem = toHttpProblem(new Error('a secret'))
  expect(problem.status).toBe(500)
  expect(JSON.stringify(problem.details)).not.toContain('secret')
})
