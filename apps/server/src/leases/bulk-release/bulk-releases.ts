/** The bulk releases of this server: one at a time, which goes on by itself, and those before it (decision 0119). */
import { setTimeout as delay } from 'node:timers/promises'
import { Inject, Injectable } from '@nestjs/common'
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common'
import { BULK_RELEASES_KEPT } from '@tandem/api-contract'
import type { BulkRelease, BulkReleaseFilter } from '@tandem/api-contract'
import type { EngineService } from '../../engine/engine-service.ts'
import { CONSOLE_DATABASE, ENGINE_SERVICE, LOG } from '../../http/injection-tokens.ts'
import type { Log } from '../../observability/log.ts'
import {
  countReleased,
  endBulkRelease,
  findBulkReleaseRow,
  insertBulkRelease,
  listBulkReleaseRows,
  runningBulkReleaseRows,
} from '../../storage/bulk-releases.queries.ts'
import type { BulkReleaseRow } from '../../storage/bulk-releases.queries.ts'
import type { ConsoleDatabase } from '../../storage/console-database.ts'
import type { AsOf } from './as-of.ts'
import { filterText, progressText, savedProgress, toBulkReleaseView } from './bulk-release.view.ts'
import { engineDoor } from './engine-door.ts'
import { ReleaseRun } from './release-run.ts'
import type { RunEnd, RunProgress } from './release-run.ts'
import type { Survey } from './survey.ts'

/** So long whoever cancels it waits for the leases in hand; then it is told how far it is. */
const STOP_WAIT_MS = 2_000

export interface BulkReleaseStart {
  readonly id: string
  readonly filter: BulkReleaseFilter
  readonly reason: string
  readonly startedBy: string
  readonly asOf: AsOf
  readonly survey: Survey
}

interface Current {
  readonly row: BulkReleaseRow
  readonly run: ReleaseRun
  readonly ended: Promise<void>
}

@Injectable()
export class BulkReleases implements OnModuleInit, OnModuleDestroy {
  #current: Current | undefined

  constructor(
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(ENGINE_SERVICE) private readonly engine: EngineService,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** What a process that is gone had begun goes on no more: nobody may remember why it was begun. */
  async onModuleInit(): Promise<void> {
    for (const row of await runningBulkReleaseRows(this.database)) {
      const { released, refused } = savedProgress(row)
      const counted = Math.max(released, await countReleased(this.database, row))
      const end: RunEnd = { state: 'interrupted', endedBy: undefined, problem: undefined }
      await this.#recordEnd(row, end, { released: counted, refused })
    }
  }

  async onModuleDestroy(): Promise<void> {
    this.#current?.run.interrupt()
    await this.#stopped()
  }

  get isRunning(): boolean {
    return this.#current !== undefined
  }

  async list(): Promise<readonly BulkRelease[]> {
    const rows = await listBulkReleaseRows(this.database, BULK_RELEASES_KEPT)
    return rows.map((row) => this.#view(row))
  }

  async find(id: string): Promise<BulkRelease | undefined> {
    const row = await findBulkReleaseRow(this.database, id)
    return row === null ? undefined : this.#view(row)
  }

  /** Only while none runs; answered once it is on record. */
  async start({ id, filter, reason, startedBy, asOf, survey }: BulkReleaseStart): Promise<BulkRelease> {
    const { active, releasable, refused } = survey
    const detail = `${active} are active, of which ${releasable.length} are to be released`
    const made = {
      id,
      filter,
      reason,
      startedBy,
      startedAtMs: Date.now(),
      leases: active,
      released: 0,
      refused: refused.toRecord(),
    }
    const row = await insertBulkRelease(this.database, made, { target: filterText(filter), detail }, BULK_RELEASES_KEPT)
    const run = new ReleaseRun(releasable, refused, engineDoor(this.database, this.engine, row, asOf))
    this.#current = { row, run, ended: this.#untilEnd(row, run) }
    return this.#view(row)
  }

  /** False: it does not run. */
  async cancel(id: string, by: string): Promise<boolean> {
    if (this.#current?.row.id !== id) return false
    this.#current.run.cancel(by)
    await this.#stopped()
    return true
  }

  async #untilEnd(row: BulkReleaseRow, run: ReleaseRun): Promise<void> {
    const end = await run.run()
    try {
      await this.#recordEnd(row, end, run.progress)
    } catch (error) {
      // The next start finds it as one that was interrupted.
      this.log.write('error', 'BULK_RELEASE_UNRECORDED', `how bulk release ${row.id} ended cannot be written`, {
        end: end.state,
        problem: error instanceof Error ? error.message : String(error),
      })
    }
    this.#current = undefined
  }

  async #recordEnd(row: BulkReleaseRow, end: RunEnd, progress: RunProgress): Promise<void> {
    const view = toBulkReleaseView(row, progress)
    const problem = end.problem === undefined ? '' : ` (${end.problem})`
    await endBulkRelease(
      this.database,
      row,
      { ...end, endedAtMs: Date.now(), released: progress.released, refused: progress.refused.toRecord() },
      { target: filterText(view.filter), detail: `${end.state}${problem}: ${progressText(view)}` },
    )
  }

  async #stopped(): Promise<void> {
    if (this.#current !== undefined) await Promise.race([this.#current.ended, delay(STOP_WAIT_MS)])
  }

  #view(row: BulkReleaseRow): BulkRelease {
    const isCurrent = this.#current?.row.id === row.id && row.state === 'running'
    return toBulkReleaseView(row, isCurrent ? this.#current?.run.progress : undefined)
  }
}
