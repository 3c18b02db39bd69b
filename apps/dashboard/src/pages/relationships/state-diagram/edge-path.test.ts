/** The lines of the diagram: from border to border, and beneath no state that they do not concern; the arrow keys reach every state. */
import { failoverStateMachine, failoverStates } from '@tandem/api-contract'
import { describe, expect, it } from 'vitest'
import { edgeCurve, edgePath, pointsOf } from './edge-path.ts'
import { isArrowKey, narrowLayout, neighbourOf, wideLayout } from './layout.ts'
import type { Point, StateLayout } from './layout.ts'

const pairs = [...new Set(failoverStateMachine.transitions.map(({ from, to }) => `${from} ${to}`))].map((pair) => {
  const [from, to] = failoverStates.filter((state) => pair.split(' ').includes(state))
  return pair === `${from} ${to}` ? { from: from!, to: to! } : { from: to!, to: from! }
})

const hasWayBack = (from: string, to: string): boolean => pairs.some((pair) => pair.from === to && pair.to === from)

function isIn(point: Point, middle: Point, { box }: StateLayout, slack: number): boolean {
  return Math.abs(point.x - middle.x) < box.width / 2 + slack && Math.abs(point.y - middle.y) < box.height / 2 + slack
}

describe.each([
  ['wide', wideLayout],
  ['narrow', narrowLayout],
])('the %s layout', (_name, layout) => {
  it.each(pairs)('leads from $from to $to past all others', ({ from, to }) => {
    const points = pointsOf(edgeCurve(from, to, layout, hasWayBack(from, to)), 60)
    expect(isIn(points[0]!, layout.at[from], layout, 8)).toBe(true)
    expect(isIn(points.at(-1)!, layout.at[to], layout, 8)).toBe(true)
    for (const state of failoverStates.filter((each) => each !== from && each !== to)) {
      const touched = points.filter((point) => isIn(point, layout.at[state], layout, 2))
      expect(touched, `${state} is not in the way`).toEqual([])
    }
    for (const { x, y } of points) {
      expect(x >= 0 && x <= layout.width && y >= 0 && y <= layout.height).toBe(true)
    }
  })

  it('has room for every state, and no two in one place', () => {
    for (const state of failoverStates) {
      const { x, y } = layout.at[state]
      expect(x - layout.box.width / 2).toBeGreaterThanOrEqual(0)
      expect(x + layout.box.width / 2).toBeLessThanOrEqual(layout.width)
      expect(y - layout.box.height / 2).toBeGreaterThanOrEqual(0)
      expect(y + layout.box.height / 2).toBeLessThanOrEqual(layout.height)
      for (const other of failoverStates.filter((each) => each !== state)) {
        expect(
          Math.abs(x - layout.at[other].x) > layout.box.width || Math.abs(y - layout.at[other].y) > layout.box.height,
        ).toBe(true)
      }
    }
  })

  it.each(failoverStates)('leads by arrow keys from %s to every state', (start) => {
    const reached = new Set([start])
    for (const state of reached) {
      for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const) {
        reached.add(neighbourOf(state, key, layout))
      }
    }
    expect(reached).toEqual(new Set(failoverStates))
  })
})

it('an arrow key leads to what one sees there, and stays at the edge', () => {
  expect(neighbourOf('normal', 'ArrowLeft', wideLayout)).toBe('communications-interrupted')
  expect(neighbourOf('normal', 'ArrowUp', wideLayout)).toBe('recover-done')
  expect(neighbourOf('startup', 'ArrowRight', wideLayout)).toBe('startup')
  expect(neighbourOf('normal', 'ArrowDown', narrowLayout)).toBe('conflict-done')
  expect(['ArrowUp', 'Home', 'Tab'].map(isArrowKey)).toEqual([true, false, false])
})

it('the head of an arrow lies before its end', () => {
  const { line, head } = edgePath({
    start: { x: 0, y: 0 },
    pulls: [
      { x: 10, y: 0 },
      { x: 20, y: 0 },
    ],
    end: { x: 30, y: 0 },
  })
  expect(line).toBe('M0.0 0.0C10.0 0.0 20.0 0.0 21.0 0.0')
  expect(head).toBe('M30.0 0.0L21.0 4.5L21.0 -4.5Z')
})
