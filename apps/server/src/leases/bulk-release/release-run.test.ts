/** The run of a bulk release: paced, counted, stopped between two handfuls, and never on with what it cannot see. */
import type { CommandResult } from '@tandem/engine'
import { describe, expect, it } from 'vitest'
import type { LeaseKey } from '../../storage/leases.queries.ts'
import { ReleaseRun } from './release-run.ts'
import type { ReleaseDoor } from './release-run.ts'
import { Tally } from './tally.ts'

const ok: CommandResult = { ok: true, detail: 'released' }
const refusedBecause = (refusal: Extract<CommandResult, { ok: false }>['refusal']): CommandResult => ({
  ok: false,
  refusal,
  detail: '',
  currentState: undefined,
})

const leases = (count: number): readonly LeaseKey[] =>
  Array.from({ length: count }, (_, number) => ({
    kind: 'address',
    address: new Uint8Array(16).fill(number % 256),
    length: 128,
  }))

/** Time passes by its pauses, and by so much with each release. */
function madeUpDoor(changes: Partial<ReleaseDoor> = {}, releaseMs = 0) {
  const told = { released: [] as number[], pauses: [] as number[], saves: [] as number[], inHand: 0, inHandMax: 0 }
  let now = 0
  const door: ReleaseDoor = {
    look: async (looked) => looked.map(() => undefined),
    release: async (_, number) => {
      told.inHand += 1
      told.inHandMax = Math.max(told.inHandMax, told.inHand)
      await Promise.resolve()
      now += releaseMs
      told.inHand -= 1
      told.released.push(number)
      return ok
    },
    save: async ({ released }) => void told.saves.push(released),
    pause: async (ms) => {
      now += ms
      told.pauses.push(ms)
    },
    nowMs: () => now,
    ...changes,
  }
  return { door, told }
}

describe('a run', () => {
  it('releases each lease once, a few at a time, and leaves the engine alone as long as it had it', async () => {
    const { door, told } = madeUpDoor({}, 10)
    const run = new ReleaseRun(leases(20), new Tally(), door)
    expect(await run.run()).toMatchObject({ state: 'done', endedBy: undefined })
    expect(told.released).toEqual(Array.from({ length: 20 }, (_, number) => number))
    expect(run.progress.released).toBe(20)
    expect(told.inHandMax).toBe(8)
    expect(told.pauses).toEqual([80, 80, 40])
  })

  it('never goes on without a pause, however quick the engine is', async () => {
    const { door, told } = madeUpDoor()
    await new ReleaseRun(leases(9), new Tally(), door).run()
    expect(told.pauses).toEqual([20, 20])
  })

  it('counts why leases are left alone: before it began, when it looked, and by the engine', async () => {
    const { door, told } = madeUpDoor({
      look: async (looked) => looked.map((_, index) => (index === 0 ? 'changed-since-preview' : undefined)),
      release: async (_, number) => (number === 1 ? refusedBecause('client-just-heard') : ok),
    })
    const before = new Tally()
    before.add('client-just-heard', 2)
    const run = new ReleaseRun(leases(4), before, door)
    expect((await run.run()).state).toBe('done')
    expect(run.progress.released).toBe(2)
    expect(run.progress.refused.toView()).toEqual([
      { refusal: 'client-just-heard', count: '3' },
      { refusal: 'changed-since-preview', count: '1' },
    ])
    expect(told.released).toEqual([])
  })

  it('stops after those in hand when it is cancelled, and the first word counts', async () => {
    const { door, told } = madeUpDoor({ pause: async () => run.cancel('bob') })
    const run: ReleaseRun = new ReleaseRun(leases(20), new Tally(), door)
    expect(await run.run()).toEqual({ state: 'cancelled', endedBy: 'bob', problem: undefined })
    run.cancel('ada')
    run.interrupt()
    expect(told.released).toHaveLength(8)
    expect(run.progress.released).toBe(8)
  })

  it('is done when it is cancelled after the last ones', async () => {
    const { door } = madeUpDoor({ pause: async () => run.cancel('bob') })
    const run: ReleaseRun = new ReleaseRun(leases(3), new Tally(), door)
    expect(await run.run()).toMatchObject({ state: 'done', endedBy: undefined })
  })

  it('waits for lists that are behind, and may be cancelled meanwhile', async () => {
    let behind = 3
    const waiting = madeUpDoor({
      look: async (looked) => (behind-- > 0 ? undefined : looked.map(() => undefined)),
    })
    expect((await new ReleaseRun(leases(1), new Tally(), waiting.door).run()).state).toBe('done')
    expect(waiting.told.pauses).toEqual([500, 500, 500, 20])
    const { door, told } = madeUpDoor({ look: async () => undefined, pause: async () => run.cancel('bob') })
    const run: ReleaseRun = new ReleaseRun(leases(1), new Tally(), door)
    expect((await run.run()).state).toBe('cancelled')
    expect(told.released).toEqual([])
  })

  it('is interrupted by a server that stops: what it refuses for that was not tried', async () => {
    const { door } = madeUpDoor({
      release: async (_, number) => (number < 3 ? ok : refusedBecause('shutting-down')),
    })
    const run = new ReleaseRun(leases(20), new Tally(), door)
    expect((await run.run()).state).toBe('interrupted')
    expect([run.progress.released, run.progress.refused.sum]).toEqual([3, 0])
  })

  it('fails with the reason when the engine is silent, and keeps the count of what was released', async () => {
    const { door } = madeUpDoor({
      release: async (_, number) => {
        if (number === 9) throw new Error('storage fails')
        return ok
      },
    })
    const run = new ReleaseRun(leases(20), new Tally(), door)
    expect(await run.run()).toEqual({ state: 'failed', endedBy: undefined, problem: 'storage fails' })
    expect(run.progress.released).toBe(15)
  })

  it('saves how far it is now and then', async () => {
    const { door, told } = madeUpDoor({}, 60)
    await new ReleaseRun(leases(80), new Tally(), door).run()
    expect(told.saves).toEqual([24, 48, 72])
  })
})
