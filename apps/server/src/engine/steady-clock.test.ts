/** The clock never steps back, whatever is done to the machine's. */
import { expect, test } from 'vitest'
import { createSteadyClock } from './steady-clock.ts'

function clockOf(notBefore = 0) {
  let wall = 10_000_000
  let monotonic = 0
  const clock = createSteadyClock(
    notBefore,
    () => wall,
    () => monotonic,
  )
  return {
    clock,
    pass: (ms: number): void => {
      wall += ms
      monotonic += ms
    },
    setWall: (ms: number): void => {
      wall += ms
    },
  }
}

test('it follows the wall clock', () => {
  const { clock, pass } = clockOf()
  expect(clock.now()).toBe(10_000_000)
  pass(1234)
  expect(clock.now()).toBe(10_001_234)
})

test('it follows a step forward at once: a suspended machine must see the gap', () => {
  const { clock, setWall } = clockOf()
  setWall(3_600_000)
  expect(clock.now()).toBe(13_600_000)
})

test('set back, it goes on a little slower until the wall clock has caught up', () => {
  const { clock, pass, setWall } = clockOf()
  setWall(-1000)
  expect(clock.now()).toBe(10_000_000)
  pass(10_000)
  expect(clock.now()).toBe(10_009_500)
  pass(20_000)
  expect(clock.now()).toBe(10_029_000)
  pass(1)
  expect(clock.now()).toBe(10_029_001)
})

test('it does not begin before what storage holds as committed', () => {
  const { clock } = clockOf(20_000_000)
  expect(clock.now()).toBe(20_000_000)
})
