/** The simulated server keeps the order of the real one: commit, then release; a crash loses what was not committed. */
import { describe, expect, it } from 'vitest'
import { Transcript } from '../scenario/transcript.ts'
import { soundDisk } from './simulated-disk.ts'
import { World } from './world.ts'

function normalWorld(): { readonly world: World; readonly transcript: Transcript } {
  const world = new World({ seed: 1 })
  const transcript = new Transcript(world)
  world.observe(transcript)
  world.secondary.start()
  world.primary.start()
  expect(world.runUntil(() => world.areBothNormal, 10_000)).toBe(true)
  world.run(1000)
  return { world, transcript }
}

const wishes = { addresses: 1, prefixes: 0, rapidCommit: false }

describe('a server process', () => {
  it('tells nothing before the commit is done', () => {
    const { world } = normalWorld()
    const order: string[] = []
    world.observe({
      committed: (server, changes) => {
        if (server === 'primary' && changes.some(({ kind }) => kind === 'binding-put')) order.push('committed')
      },
      released: (server, output) => {
        if (server === 'primary' && output.kind === 'send-datagram') order.push('told')
      },
    })
    world.addClient('A', wishes, false).ask()
    world.run(100)
    // ADVERTISE promises nothing; the REPLY comes after its lease was written.
    expect(order.slice(0, 3)).toEqual(['told', 'committed', 'told'])
  })

  it('loses in a crash what was not committed, and says nothing of it', () => {
    const { world, transcript } = normalWorld()
    const client = world.addClient('A', wishes, false)
    client.ask()
    world.primary.commitMs = 500
    world.run(400)
    const before = [...world.primary.store.bindings()].length
    transcript.take()
    world.primary.crash()
    world.run(1000)
    expect([...world.primary.store.bindings()]).toHaveLength(before)
    expect(transcript.take().filter((line) => line.includes('primary ->'))).toEqual([])
    expect(client.leases).toEqual([])
  })

  it('begins again after a commit that took longer than "running until" is ahead', () => {
    const { world, transcript } = normalWorld()
    world.primary.commitMs = 4000
    world.run(6000)
    expect(transcript.take().some((line) => line.includes('primary was too slow'))).toBe(true)
  })

  it('begins again also where its clock was set forward during a commit, and its disk is sound before that is done', () => {
    const { world, transcript } = normalWorld()
    world.primary.commitMs = 2500
    world.run(1200)
    world.primary.commitMs = soundDisk.commitMs
    world.primary.stepClock(5000)
    world.run(6000)
    expect(transcript.take().some((line) => line.includes('primary was too slow'))).toBe(true)
  })

  it('begins again also where nothing but its own look at the clock can show it the gap', () => {
    const { world } = normalWorld()
    world.streams.cut()
    expect(world.runUntil(() => !world.areBothNormal, 300_000)).toBe(true)
    let redialAt: number | undefined
    world.observe({
      decided: (server, event, _effects, engine) => {
        if (server === 'primary' && event.kind === 'dial-failed') redialAt = engine.nextDeadline()
      },
    })
    expect(world.runUntil(() => redialAt !== undefined, 60_000)).toBe(true)
    // The dial is decided together with the commit that fails, and is lost with it after three seconds.
    world.run(redialAt! - world.primary.now() - 950)
    world.primary.disk = { commitMs: 1, failure: 'fails' }
    world.run(6000)
    world.streams.mend()
    world.primary.makeSound()
    expect(world.runUntil(() => world.areBothNormal, 120_000)).toBe(true)
  })

  it('ends when it was told to, also when its disk is so slow that it may say nothing any more', () => {
    const { world, transcript } = normalWorld()
    world.primary.commitMs = 4000
    world.run(6000)
    world.operator.shutDown(world.primary)
    expect(world.runUntil(() => !world.primary.isRunning, 20_000)).toBe(true)
    expect(transcript.take().some((line) => line.includes('primary has shut down'))).toBe(true)
  })

  it('answers no datagram that waited longer than two seconds', () => {
    const { world } = normalWorld()
    const client = world.addClient('A', wishes, false)
    world.primary.commitMs = 2500
    client.ask()
    world.run(900)
    let asked = 0
    let told = 0
    world.observe({
      released: (server, output) => {
        if (server === 'primary' && output.kind === 'send-datagram') told += 1
      },
    })
    world.observe({
      decided: (server, event) => {
        if (server === 'primary' && event.kind === 'datagram-received') asked += 1
      },
    })
    world.run(20_000)
    expect(asked).toBeGreaterThan(1)
    expect(told).toBe(0)
  })
})
