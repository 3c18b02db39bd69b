/** Bulk releases of the mock: as the server does it, a few leases at a time while somebody looks on. */
import { routeExamples, startBulkRelease } from '@tandem/api-contract'
import type { BulkRelease, BulkReleaseFilter, BulkReleasePreview, Lease } from '@tandem/api-contract'
import { refuse } from './refused.ts'
import { secondsAgo } from './times.ts'
import type { MockWorld } from './world.ts'

const STEP_MS = 400
const LEASES_A_STEP = 1
const JUST_HEARD_MS = 6_000

const yesterday: BulkRelease = {
  ...routeExamples.getBulkRelease.answer,
  id: 'bulk-0',
  filter: { subnet: 'offices' },
  state: 'done',
  startedAt: secondsAgo(86_400),
  endedAt: secondsAgo(86_390),
  released: '407',
  left: '0',
}

export class BulkReleaseBook {
  readonly #world: MockWorld
  #items: readonly BulkRelease[]
  #count = 0

  constructor(world: MockWorld) {
    this.#world = world
    this.#items = world.scenario === 'empty' ? [] : [yesterday]
  }

  list(): { readonly items: readonly BulkRelease[] } {
    return { items: this.#items }
  }

  find(id = ''): BulkRelease {
    return (
      this.#items.find((each) => each.id === id) ??
      refuse(404, 'not-found', 'There is no record of such a bulk release.', 'Look at the list.')
    )
  }

  preview(filter: BulkReleaseFilter): BulkReleasePreview {
    const active = this.#active(filter)
    const heard = active.filter(wasJustHeard).length
    const { total } = this.#world.leases.page({ ...filter, limit: 1 })
    return {
      found: total,
      active: { count: String(active.length), exact: true },
      releasable: String(active.length - heard),
      refused: heard === 0 ? [] : [{ refusal: 'client-just-heard', count: String(heard) }],
      at: new Date().toISOString(),
      asOf: `1121-${Date.now()}`,
    }
  }

  start(body: unknown): BulkRelease {
    const { filter, expected, reason } = startBulkRelease.body.parse(body)
    if (this.#items.some(({ state }) => state === 'running')) {
      refuse(409, 'refused', 'A bulk release runs on this server.', 'Begin when it has ended, or cancel it.', {
        refusal: 'bulk-release-running',
      })
    }
    const active = this.#active(filter)
    const leases = active.filter((lease) => !wasJustHeard(lease)).slice(0, Number(expected))
    const alone = active.length - leases.length
    this.#count += 1
    const started: BulkRelease = {
      id: `bulk-${this.#count}`,
      state: 'running',
      filter,
      reason,
      startedBy: this.#world.session?.operator.name ?? 'nobody',
      startedAt: new Date().toISOString(),
      endedBy: null,
      endedAt: null,
      problem: null,
      leases: String(active.length),
      released: '0',
      refused: alone === 0 ? [] : [{ refusal: 'client-just-heard', count: String(alone) }],
      left: String(leases.length),
    }
    this.#items = [started, ...this.#items]
    this.#goOn(started.id, leases)
    return started
  }

  cancel(id = ''): BulkRelease {
    if (this.find(id).state !== 'running') {
      refuse(409, 'refused', 'It has ended already.', 'There is nothing to cancel.', { refusal: 'bulk-release-ended' })
    }
    return this.#change(id, { state: 'cancelled', endedBy: this.#world.session?.operator.name ?? 'nobody' })
  }

  #active(filter: BulkReleaseFilter): readonly Lease[] {
    return this.#world.leases.page({ ...filter, state: 'active', limit: 500 }).items
  }

  #goOn(id: string, leases: readonly Lease[]): void {
    setTimeout(() => {
      const { state, released } = this.find(id)
      if (state !== 'running') return
      const some = leases.slice(0, LEASES_A_STEP)
      const rest = leases.slice(LEASES_A_STEP)
      const stateSince = new Date().toISOString()
      for (const lease of some) this.#world.leases.replace({ ...lease, state: 'reset', stateSince })
      this.#change(id, { released: String(Number(released) + some.length), left: String(rest.length) })
      if (rest.length > 0) this.#goOn(id, rest)
      else this.#change(id, { state: 'done' })
    }, STEP_MS)
  }

  #change(id: string, changes: Partial<BulkRelease>): BulkRelease {
    const before = this.find(id)
    const isEnd = changes.state !== undefined
    const changed = { ...before, ...changes, ...(isEnd ? { endedAt: new Date().toISOString() } : {}) }
    this.#items = this.#items.map((each) => (each.id === id ? changed : each))
    return changed
  }
}

function wasJustHeard({ clientHeardAt }: Lease): boolean {
  return clientHeardAt !== null && Date.now() - Date.parse(clientHeardAt) <= JUST_HEARD_MS
}
