/** The ladder against servers whose capacity is known. */
import { expect, test } from 'vitest'
import { climb, type LadderRules, type Step } from './rate-ladder.ts'

const rules: LadderRules = {
  startPerSecond: 1000,
  coarseFactor: 1.5,
  fineFactor: 1.1,
  lostMax: 0.01,
  limitPerSecond: 50_000,
}

function serverThatCarries(capacity: number, generatorMax = Infinity) {
  const targets: number[] = []
  const runStep = (target: number): Promise<Step> => {
    targets.push(target)
    const started = Math.min(target, generatorMax)
    const completed = Math.min(started, capacity)
    return Promise.resolve({
      targetPerSecond: target,
      startedPerSecond: started,
      completedPerSecond: completed,
      lost: 1 - completed / started,
    })
  }
  return { targets, runStep }
}

test('the best step is within one fine step of what the server carries', async () => {
  const { runStep } = serverThatCarries(4321)
  const best = await climb(rules, runStep)
  expect(best?.completedPerSecond).toBeLessThanOrEqual(4321)
  expect(best?.completedPerSecond).toBeGreaterThan(4321 / 1.11)
})

test('a start that is too fast is halved until something is carried', async () => {
  const best = await climb(rules, serverThatCarries(300).runStep)
  expect(best?.completedPerSecond).toBeGreaterThan(300 / 1.11)
  expect(best?.completedPerSecond).toBeLessThanOrEqual(300)
})

test('a generator that gives out ends the climb', async () => {
  const { targets, runStep } = serverThatCarries(Infinity, 3000)
  const best = await climb(rules, runStep)
  expect(best?.completedPerSecond).toBe(3000)
  expect(Math.max(...targets)).toBeLessThan(3000 * 1.6)
})

test('a server that carries nothing has no best step', async () => {
  expect(await climb(rules, serverThatCarries(0).runStep)).toBeUndefined()
})

test('one spoilt step does not end the climb', async () => {
  const { targets, runStep } = serverThatCarries(4321)
  const best = await climb(rules, async (target) => {
    const step = await runStep(target)
    return targets.length === 2 ? { ...step, completedPerSecond: 0, lost: 1 } : step
  })
  expect(best?.completedPerSecond).toBeGreaterThan(4321 / 1.11)
})
