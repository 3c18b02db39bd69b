/** The last comparison of each relationship's leases with those of the partner, and its repair (decision 0128). */
import { Inject, Injectable } from '@nestjs/common'
import type { OnModuleDestroy } from '@nestjs/common'
import type { TableComparison, TableRepair } from '@tandem/api-contract'
import type { CommandRefusal } from '@tandem/engine'
import { ipv6AddressFromBytes, makePrefix } from '@tandem/protocol'
import type { ServerConfiguration } from '../../configuration/server-configuration.ts'
import type { EngineService } from '../../engine/engine-service.ts'
import { CHANNEL_VIEWS } from '../../http/channel-views.ts'
import type { ChannelViews } from '../../http/channel-views.ts'
import { CONFIGURATION, CONSOLE_DATABASE, ENGINE_SERVICE } from '../../http/injection-tokens.ts'
import { countOf, isoOf, isoOrNull } from '../../http/view-values.ts'
import type { ConsoleDatabase } from '../../storage/console-database.ts'
import { leaseKeyFromText } from '../../storage/lease-stretches.queries.ts'
import { comparisonDoor } from './comparison-door.ts'
import { ComparisonRun } from './comparison-run.ts'
import type { ComparisonEnd } from './comparison-run.ts'
import { ComparisonTally } from './comparison-tally.ts'
import { PoolHomes } from './pool-homes.ts'

export interface Ordered {
  readonly commandId: string
  readonly by: string
  readonly reason: string
}

interface Held {
  readonly startedBy: string
  readonly startedAtMs: number
  readonly run: ComparisonRun
  ended: Promise<void>
  end: (ComparisonEnd & { readonly atMs: number }) | undefined
  repair: TableRepair | undefined
}

@Injectable()
export class TableComparisons implements OnModuleDestroy {
  readonly #held = new Map<string, Held>()

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: ServerConfiguration,
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(ENGINE_SERVICE) private readonly engine: EngineService,
    @Inject(CHANNEL_VIEWS) private readonly channels: ChannelViews,
  ) {}

  async onModuleDestroy(): Promise<void> {
    for (const { run } of this.#held.values()) run.cancel()
    await Promise.all([...this.#held.values()].map(async ({ ended }) => ended))
  }

  isRunning(relationship: string): boolean {
    const held = this.#held.get(relationship)
    return held !== undefined && held.end === undefined
  }

  view(relationship: string): TableComparison {
    const { engine } = this.configuration
    const partnerName = engine.relationships.find(({ name }) => name === relationship)?.partnerName ?? ''
    const names = { relationship, serverName: engine.serverName, partnerName }
    const held = this.#held.get(relationship)
    return held === undefined ? { ...names, ...NEVER } : { ...names, ...viewOf(held) }
  }

  /** One for each relationship. */
  all(): readonly TableComparison[] {
    return this.configuration.engine.relationships.map(({ name }) => this.view(name))
  }

  /** Only while none of the relationship runs. */
  start(relationship: string, startedBy: string): void {
    const tally = new ComparisonTally(new PoolHomes(this.configuration.engine, relationship))
    const parts = { database: this.database, engine: this.engine, channels: this.channels }
    const run = new ComparisonRun(tally, comparisonDoor(parts, relationship))
    const held: Held = {
      startedBy,
      startedAtMs: Date.now(),
      run,
      ended: Promise.resolve(),
      end: undefined,
      repair: undefined,
    }
    held.ended = run.run().then((end) => {
      held.end = { ...end, atMs: Date.now() }
    })
    this.#held.set(relationship, held)
  }

  /** After the stretch that it has in hand. */
  async cancel(relationship: string): Promise<void> {
    const held = this.#held.get(relationship)
    held?.run.cancel()
    await held?.ended
  }

  /** How many leases that differ have a record here. */
  repairable(relationship: string): number {
    return this.#held.get(relationship)?.run.tally.keysHere.length ?? 0
  }

  async repair(relationship: string, { commandId, by, reason }: Ordered): Promise<void> {
    const held = this.#held.get(relationship)
    if (held === undefined) return
    const refused = new Map<CommandRefusal, number>()
    let told = 0
    for (const [number, text] of held.run.tally.keysHere.entries()) {
      const key = leaseKeyFromText(text)
      if (key === undefined) continue
      const result = await this.engine.command(`${commandId}-${number}`, by, {
        kind: 'resend-lease',
        leaseKind: key.kind,
        prefix: makePrefix(ipv6AddressFromBytes(key.address), key.length),
        reason,
      })
      if (result.ok) told += 1
      else refused.set(result.refusal, (refused.get(result.refusal) ?? 0) + 1)
    }
    held.repair = {
      at: isoOf(Date.now()),
      by,
      reason,
      told: countOf(told),
      refused: [...refused].map(([refusal, count]) => ({ refusal, count: countOf(count) })),
    }
  }
}

type WithoutNames = Omit<TableComparison, 'relationship' | 'serverName' | 'partnerName'>

const NEVER: WithoutNames = {
  state: 'never',
  startedBy: null,
  startedAt: null,
  endedAt: null,
  problem: null,
  pools: [],
  compared: '0',
  differing: '0',
  differences: [],
  repair: null,
}

function viewOf({ startedBy, startedAtMs, run: { tally }, end, repair }: Held): WithoutNames {
  return {
    state: end?.state ?? 'running',
    startedBy,
    startedAt: isoOf(startedAtMs),
    endedAt: isoOrNull(end?.atMs),
    problem: end?.state === 'failed' ? end.problem : null,
    pools: [...tally.pools],
    compared: countOf(tally.compared),
    differing: countOf(tally.differing),
    differences: [...tally.differences],
    repair: repair ?? null,
  }
}
