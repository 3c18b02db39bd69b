/** The checker of restarts notices one field of one record: a lease, and what is owed of it. */
import type { Binding } from '@tandem/engine'
import { describe, expect, it } from 'vitest'
import { World } from '../world/world.ts'
import { Onlooker } from './onlooker.ts'
import { restoredAsRemembered } from './restored-as-remembered.ts'

/** What is reported when the primary falls, after its disk was changed behind its back. */
function reportsAfter(change: Partial<Binding> | undefined): readonly string[] {
  const world = new World({ seed: 1 })
  const reports: string[] = []
  const report = (text: string): void => {
    reports.push(text)
  }
  world.observe(restoredAsRemembered.watch({ world, onlooker: new Onlooker(world), report }))
  world.secondary.start()
  world.primary.start()
  expect(world.runUntil(() => world.areBothNormal, 10_000)).toBe(true)
  world.addClient('A', { addresses: 1, prefixes: 0, rapidCommit: false }, false).ask()
  world.run(5_000)
  const { store } = world.primary
  const [lease] = [...store.bindings()].filter(({ status }) => status === 'ACTIVE')
  if (lease === undefined) throw new Error('the client has a lease')
  if (change !== undefined) {
    const changes = [{ kind: 'binding-put', binding: { ...lease, ...change } } as const]
    const now = world.primary.now()
    store.apply({ number: store.commitNumber + 1, changes, at: now, runningUntil: now, promises: false })
  }
  world.primary.crash()
  return reports
}

describe('restored-as-remembered', () => {
  it('has nothing to say of a sound disk', () => {
    expect(reportsAfter(undefined)).toEqual([])
  })

  it('names the field that differs', () => {
    const owed = reportsAfter({ owedToPartner: true })
    expect(owed).toEqual([expect.stringContaining('restored with another owedToPartner')])
    const promised = reportsAfter({ ackedPartnerLifetime: undefined })
    expect(promised).toEqual([expect.stringContaining('restored with another ackedPartnerLifetime')])
  })
})
