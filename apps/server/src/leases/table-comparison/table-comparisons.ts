/** The last comparison of each relationship's leases with those of the partner, and its repair (decision 0128). */
import { setTimeout as delay } from 'node:timers/promises'
import { Inject, Injectable } from '@nestjs/common'
import type { OnModuleDestroy } from '@nestjs/common'
import type { Problem, TableComparison, TableRepair } from '@tandem/api-contract'
import { ipv6AddressFromBytes, makePrefix } from '@tandem/protocol'
import type { ServerConfiguration } from '../../configuration/server-configuration.ts'
import type { EngineService } from '../../engine/engine-service.ts'
import { CHANNEL_VIEWS } from '../../http/channel-views.ts'
import type { ChannelViews } from '../../http/channel-views.ts'
import { CONFIGURATION, CONSOLE_DATABASE, ENGINE_SERVICE } from '../../http/injection-tokens.ts'
import { countOf, isoOf, isoOrNull } from '../../http/view-values.ts'
import type { ConsoleDatabase } from '../../storage/console-database.ts'
import { findLeaseRow } from '../../storage/leases.queries.ts'
import { leaseKeyFromText } from '../../storage/lease-stretches.queries.ts'
import { toLeaseView } from '../lease.view.ts'
import { comparisonDoor } from './comparison-door.ts'
import { ComparisonRun } from './comparison-run.ts'
import type { ComparisonEnd } from './comparison-run.ts'
import { ComparisonTally } from './comparison-tally.ts'
import { PoolHomes } from './pool-homes.ts'
import { whyNotToldAgain } from './told-again.ts'

type Refusal = NonNullable<Problem['refusal']>

/** So long a server that stops waits for the stretch in hand. */
const STOP_WAIT_MS = 2_000

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
  isRepairing: boolean
}

@Injectable()
export class TableComparisons implements OnModuleDestroy {
  readonly #held = new Map<string, Held>()
  /** The last that came to its end: it counts until another one does. */
  readonly #done = new Map<string, Held>()

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: ServerConfiguration,
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(ENGINE_SERVICE) private readonly engine: EngineService,
    @Inject(CHANNEL_VIEWS) private readonly channels: ChannelViews,
  ) {}

  async onModuleDestroy(): Promise<void> {
    for (const { run } of this.#held.values()) run.cancel()
    const ended = Promise.all([...this.#held.values()].map(async (held) => held.ended))
    await Promise.race([ended, delay(STOP_WAIT_MS)])
  }

  isRunning(relationship: string): boolean {
    const held = this.#held.get(relationship)
    return held !== undefined && held.end === undefined
  }

  isRepairing(relationship: string): boolean {
    return this.#held.get(relationship)?.isRepairing === true
  }

  view(relationship: string): TableComparison {
    return this.#viewOf(relationship, this.#held.get(relationship))
  }

  /** One for each relationship: the last one that came to its end, else the last one. */
  findings(): readonly TableComparison[] {
    return this.configuration.engine.relationships.map(({ name }) =>
      this.#viewOf(name, this.#done.get(name) ?? this.#held.get(name)),
    )
  }

  #viewOf(relationship: string, held: Held | undefined): TableComparison {
    const { engine } = this.configuration
    const partnerName = engine.relationships.find(({ name }) => name === relationship)?.partnerName ?? ''
    const names = { relationship, serverName: engine.serverName, partnerName }
    return held === undefined ? { ...names, ...NEVER } : { ...names, ...viewOf(held) }
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
      isRepairing: false,
    }
    held.ended = run.run().then((end) => {
      held.end = { ...end, atMs: Date.now() }
      if (end.state === 'done') this.#done.set(relationship, held)
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

  /** One after another; what was told is on record also where it could not go on. */
  async repair(relationship: string, ordered: Ordered): Promise<void> {
    const held = this.#held.get(relationship)
    if (held === undefined) return
    held.isRepairing = true
    const refused = new Map<Refusal, number>()
    let told = 0
    try {
      for (const [number, text] of held.run.tally.keysHere.entries()) {
        const why = await this.#tellAgain(relationship, text, {
          ...ordered,
          commandId: `${ordered.commandId}-${number}`,
        })
        if (why === undefined) told += 1
        else refused.set(why, (refused.get(why) ?? 0) + 1)
      }
    } finally {
      held.isRepairing = false
      held.repair = {
        at: isoOf(Date.now()),
        by: ordered.by,
        reason: ordered.reason,
        told: countOf(told),
        refused: [...refused].map(([refusal, count]) => ({ refusal, count: countOf(count) })),
      }
    }
  }

  /** Why not; undefined: the partner is told. */
  async #tellAgain(
    relationship: string,
    text: string,
    { commandId, by, reason }: Ordered,
  ): Promise<Refusal | undefined> {
    const key = leaseKeyFromText(text)
    const row = key === undefined ? undefined : await findLeaseRow(this.database, key)
    if (key === undefined || row === undefined) return 'unknown-lease'
    const own = toLeaseView(row)
    const why = whyNotToldAgain(own, await this.channels.partnerLease(relationship, own.lease))
    if (why !== undefined) return why.refusal
    const result = await this.engine.command(commandId, by, {
      kind: 'resend-lease',
      leaseKind: key.kind,
      prefix: makePrefix(ipv6AddressFromBytes(key.address), key.length),
      reason,
    })
    return result.ok ? undefined : result.refusal
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
  moving: '0',
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
    moving: countOf(tally.moving),
    differing: countOf(tally.differing),
    differences: [...tally.differences],
    repair: repair ?? null,
  }
}
