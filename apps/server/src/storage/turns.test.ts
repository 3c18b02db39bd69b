/** Pieces of several long works, and what else the thread has to do. */
import { expect, test } from 'vitest'
import { Turns } from './turns.ts'

async function work(turns: Turns, name: string, pieces: number, done: string[]): Promise<void> {
  for (let piece = 1; piece <= pieces; piece += 1) {
    await turns.take()
    done.push(`${name}${piece}`)
  }
}

test('works come round, and a short one is not kept by long ones', async () => {
  const turns = new Turns()
  const done: string[] = []
  await Promise.all([work(turns, 'a', 4, done), work(turns, 'b', 3, done), work(turns, 'c', 1, done)])
  expect(done).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'b3', 'a4'])
})

test('between two pieces the event loop goes round, however many works there are', async () => {
  const turns = new Turns()
  const done: string[] = []
  let isOver = false
  const tick = (): void => {
    done.push('-')
    if (!isOver) setImmediate(tick)
  }
  setImmediate(tick)
  await Promise.all(['a', 'b', 'c'].map((name) => work(turns, name, 5, done)))
  isOver = true
  const text = done.map((each) => (each === '-' ? '-' : 'p')).join('')
  expect(text.replaceAll('-', '')).toHaveLength(15)
  expect(text).not.toContain('pp')
})

test('after a pause it goes on', async () => {
  const turns = new Turns()
  await turns.take()
  await new Promise((resolve) => setTimeout(resolve, 5))
  await turns.take()
  const done: string[] = []
  await work(turns, 'a', 2, done)
  expect(done).toEqual(['a1', 'a2'])
})
