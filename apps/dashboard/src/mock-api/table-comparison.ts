/** Comparisons of all leases in the mock: a pool after the other while somebody looks on, as the example says. */
import { repairTableComparison, routeExamples } from '@tandem/api-contract'
import type { Relationship, TableComparison } from '@tandem/api-contract'
import { refuse } from './refused.ts'
import { now } from './times.ts'
import type { MockWorld } from './world.ts'

const POOL_MS = 1_500

const { getTableComparison: example, startTableComparison: begun } = routeExamples

const nothing: TableComparison = {
  ...begun.answer,
  state: 'never',
  startedBy: null,
  startedAt: null,
}

export class ComparisonBook {
  readonly #world: MockWorld
  #last: TableComparison = nothing

  constructor(world: MockWorld) {
    this.#world = world
    const isAsBefore = world.scenario === 'degraded' || world.scenario === 'partner-down'
    if (isAsBefore) this.#last = { ...example.answer, startedAt: now(), endedAt: now() }
  }

  of({ name, serverName, partnerName }: Relationship): TableComparison {
    return { ...this.#last, relationship: name, serverName, partnerName }
  }

  start(of: Relationship): TableComparison {
    if (this.#last.state === 'running') {
      refuse(409, 'refused', 'A comparison of these leases runs.', 'Follow it.', {
        refusal: 'table-comparison-running',
      })
    }
    const startedBy = this.#world.session?.operator.name ?? 'nobody'
    this.#last = { ...begun.answer, startedBy, startedAt: now() }
    this.#goOn(0)
    return this.of(of)
  }

  cancel(of: Relationship): TableComparison {
    if (this.#last.state !== 'running') {
      refuse(409, 'refused', 'None runs.', 'There is nothing to stop.', { refusal: 'table-comparison-not-running' })
    }
    this.#last = { ...this.#last, state: 'cancelled', endedAt: now() }
    return this.of(of)
  }

  repair(of: Relationship, body: unknown): TableComparison {
    const { reason } = repairTableComparison.body.parse(body)
    const { differences } = this.#last
    const by = this.#world.session?.operator.name ?? 'nobody'
    this.#last = {
      ...this.#last,
      repair: { at: now(), by, reason, told: String(differences.length), refused: [] },
    }
    return this.of(of)
  }

  #goOn(count: number): void {
    setTimeout(() => {
      if (this.#last.state !== 'running') return
      const isDone = count === example.answer.pools.length
      this.#last = isDone
        ? { ...example.answer, startedBy: this.#last.startedBy, startedAt: this.#last.startedAt, endedAt: now() }
        : { ...this.#last, pools: example.answer.pools.slice(0, count), compared: count === 0 ? '0' : '2204' }
      if (!isDone) this.#goOn(count + 1)
    }, POOL_MS)
  }
}
