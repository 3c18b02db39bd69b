/** The checker of declined addresses: strict, but for a grant that the partner made before it heard of the decline. */
import { addSeconds } from '@tandem/engine'
import type { Binding, Instant } from '@tandem/engine'
import { describe, expect, it } from 'vitest'
import { World, type WorldObserver } from '../world/world.ts'
import { Onlooker } from './onlooker.ts'
import { quarantineIsKept } from './quarantine-is-kept.ts'

type Decided = Parameters<NonNullable<WorldObserver['decided']>>

interface Watched {
  readonly observer: WorldObserver
  readonly reports: readonly string[]
  /** As the primary had it in use. */
  readonly record: Binding
  /** When both disks have it that the client declined the address. */
  readonly declinedAt: Instant
  /** The primary answers a client with that address. */
  readonly answered: Decided
}

/** Both servers have the address as declined. */
function watched(): Watched {
  const world = new World({ seed: 1, history: 'declared-safe' })
  const reports: string[] = []
  const observer = quarantineIsKept.watch({
    world,
    onlooker: new Onlooker(world),
    report: (text) => {
      reports.push(text)
    },
  })
  const answers: Decided[] = []
  world.observe({ decided: (...decided) => void answers.push(decided) })
  world.secondary.start()
  world.primary.start()
  expect(world.runUntil(() => world.areBothNormal, 10_000)).toBe(true)
  const client = world.addClient('A', { addresses: 1, prefixes: 0, rapidCommit: false }, false)
  client.ask()
  world.run(5_000)
  const lease = client.leases[0]?.prefix.address
  const record = [...world.primary.store.bindings()].find(({ prefix }) => prefix.address === lease)
  const answered = answers.findLast(
    ([server, event, effects]) =>
      server === 'primary' &&
      event.kind === 'datagram-received' &&
      effects.afterCommit.some(({ kind }) => kind === 'send-datagram'),
  )
  if (record === undefined || answered === undefined) throw new Error('the client has a lease of the primary')
  const declinedAt = addSeconds(world.primary.machineNow(), 1)
  const declined: Binding = { ...record, status: 'ABANDONED', statusSince: declinedAt, clientHeardAt: declinedAt }
  const { store } = world.secondary
  world.secondary.crash()
  const changes = [{ kind: 'binding-put', binding: declined } as const]
  store.apply({ number: store.commitNumber + 1, changes, at: declinedAt, runningUntil: declinedAt, promises: true })
  observer.committed?.('primary', changes, declinedAt)
  return { observer, reports, record, declinedAt, answered }
}

/** The primary puts it back in use, as the partner last heard its client. */
function tookBack({ observer, record, declinedAt }: Watched, partnerHeardClientAt: Instant | undefined): void {
  const binding = { ...record, partnerHeardClientAt }
  observer.committed?.('primary', [{ kind: 'binding-put', binding }], declinedAt)
}

describe('quarantine-is-kept', () => {
  it('reports a declined address that is given, whoever put it back in use', () => {
    const about = watched()
    about.observer.decided?.(...about.answered)
    expect(about.reports).toHaveLength(1)
    tookBack(about, undefined)
    tookBack(about, addSeconds(about.declinedAt, -1))
    about.observer.decided?.(...about.answered)
    expect(about.reports).toHaveLength(2)
  })

  it('is content where the partner has given it since, and had not heard of the decline', () => {
    const about = watched()
    tookBack(about, addSeconds(about.declinedAt, 1))
    about.observer.decided?.(...about.answered)
    expect(about.reports).toEqual([])
  })
})
