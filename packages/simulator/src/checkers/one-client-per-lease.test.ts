/** The checker of double leases: strict until people may have erred, and afterwards content with nothing but an engine that says so. */
import { describe, expect, it } from 'vitest'
import type { ToldLease } from '../actors/client-message.ts'
import { World, type WorldObserver } from '../world/world.ts'
import { oneClientPerLease } from './one-client-per-lease.ts'
import { Onlooker } from './onlooker.ts'

const wishes = { addresses: 1, prefixes: 0, rapidCommit: false }

interface Watched {
  readonly world: World
  readonly observer: WorldObserver
  readonly reports: readonly string[]
  /** Client A has it. */
  readonly lease: ToldLease
}

/** `isMute`: what the engine says does not reach the checker. */
function watched(isMute: boolean): Watched {
  const world = new World({ seed: 1, history: 'operator-error' })
  const onlooker = new Onlooker(world)
  const reports: string[] = []
  const report = (text: string): void => {
    reports.push(text)
  }
  const observer = oneClientPerLease.watch({ world, onlooker, report })
  world.observe(onlooker.before)
  world.observe({
    ...observer,
    decided: (server, event, effects, engine, now) => {
      observer.decided?.(server, event, isMute ? { ...effects, notices: [] } : effects, engine, now)
    },
  })
  world.observe(onlooker.after)
  world.secondary.start()
  world.primary.start()
  expect(world.runUntil(() => world.areBothNormal, 10_000)).toBe(true)
  const client = world.addClient('A', wishes, false)
  client.ask()
  world.run(5_000)
  const [held] = client.leases
  if (held === undefined) throw new Error('the client has a lease')
  // Longer than the test runs.
  const lease = { ...held, validSeconds: 3600, preferredSeconds: 3600 }
  observer.held?.(client, lease, world.primary.now())
  return { world, observer, reports, lease }
}

function givenToAnother({ world, observer, lease }: Watched): void {
  observer.held?.(world.addClient('B', wishes, false), lease, world.primary.now())
}

/** The secondary has the lease for another client, and has yet to tell. */
function putOnDiskOfSecondary({ world, lease }: Watched): void {
  const { store } = world.secondary
  const record = [...store.bindings()].find(({ prefix }) => prefix.address === lease.prefix.address)
  const other = world.client('B')
  if (record?.client === undefined || other === undefined) throw new Error('there are a record and a client')
  world.secondary.crash()
  const binding = { ...record, client: { ...record.client, duid: other.duid }, owedToPartner: true }
  const now = world.secondary.machineNow()
  const changes = [{ kind: 'binding-put', binding } as const]
  store.apply({ number: store.commitNumber + 1, changes, at: now, runningUntil: now, promises: true })
  world.secondary.start()
}

function afterWrongDeclaration(isMute: boolean): readonly string[] {
  const about = watched(isMute)
  const { world } = about
  world.operator.declarePartnerDown(world.primary, true)
  world.run(1_000)
  expect(world.runUntil(() => world.areBothNormal, 60_000)).toBe(true)
  givenToAnother(about)
  putOnDiskOfSecondary(about)
  expect(world.runUntil(() => world.areBothNormal, 60_000)).toBe(true)
  world.run(60_000)
  return about.reports
}

describe('one-client-per-lease', () => {
  it('is strict in an operator-error history too, as long as nobody can have erred', () => {
    const about = watched(false)
    givenToAnother(about)
    expect(about.reports).toEqual([expect.stringContaining('is given to B while A may use it')])
  })

  it('names the IA of each where both are of one client', () => {
    const { world, observer, reports, lease } = watched(false)
    const client = world.client('A')
    if (client === undefined) throw new Error('there is a client')
    observer.held?.(client, { ...lease, iaid: 2 }, world.primary.now())
    expect(reports).toEqual([
      expect.stringContaining(`is given to A (IA_NA 2) while A (IA_NA ${lease.iaid}) may use it`),
    ])
  })

  it('lets pass a double lease that the servers have found and said', () => {
    expect(afterWrongDeclaration(false)).toEqual([])
  })

  it('objects to one of which no server has said a word', () => {
    expect(afterWrongDeclaration(true)).toEqual([expect.stringContaining('neither server has said so')])
  })
})
