/** Writes history, decisions and samples beside the commits, and keeps them within their bounds (decisions 0074 and 0110). */
import { NodeFactKey } from '../node-fact-keys.ts'
import type { RecordBatch, Retention } from '../record-batch.ts'
import { decisionRow, EVENTS_PRUNED_AT_ONCE_MAX, leaseChangeRow, PRUNED_AT_ONCE_MAX } from '../record-rows.ts'
import { poolSampleRows, sampleBounds, trafficSampleRows, type SampleBound } from '../sample-rows.ts'
import { writeFacts } from './facts.ts'
import { inTransaction, Session } from './session.ts'
import { decisions, leaseChanges, poolSamples, trafficSamples, write } from './tables.ts'

export class PostgresqlRecordStore {
  readonly #storageUrl: string
  readonly #retention: Retention
  #session: Session | undefined

  constructor(storageUrl: string, retention: Retention) {
    this.#storageUrl = storageUrl
    this.#retention = retention
  }

  async write(batch: RecordBatch): Promise<void> {
    const session = await this.#present()
    await write(session, leaseChanges, batch.leaseChanges.map(leaseChangeRow))
    await write(session, decisions, batch.decisions.map(decisionRow))
    if (batch.samples === undefined) return
    await write(session, poolSamples, poolSampleRows(batch.samples))
    await write(session, trafficSamples, trafficSampleRows(batch.samples))
  }

  /** True: there is more to remove, and it should be called again soon. */
  async prune(nowMs: number): Promise<boolean> {
    const { leaseSeconds, leaseRows, eventSeconds, eventRows, decisionSeconds, decisionRows, poolCount } =
      this.#retention
    const leases = await this.#pruneTable('LeaseChange', leaseRows, nowMs - leaseSeconds * 1000)
    const others = await this.#pruneTable('Decision', decisionRows, nowMs - decisionSeconds * 1000)
    const events = await this.#pruneEvents(eventRows, nowMs - eventSeconds * 1000)
    let isMore = leases || others || events
    for (const bound of sampleBounds(poolCount, nowMs)) isMore = (await this.#pruneSamples(bound)) || isMore
    return isMore
  }

  async close(): Promise<void> {
    if (this.#session !== undefined && !this.#session.isLost) await this.#session.close()
  }

  /** Rows are numbered in the order of time without gaps that matter, so the oldest are found without an index on time. */
  async #pruneTable(table: 'LeaseChange' | 'Decision', rows: number, beforeMs: number): Promise<boolean> {
    const session = await this.#present()
    const removed = await session.rows(
      `DELETE FROM "${table}" WHERE "id" IN (SELECT "id" FROM "${table}" ORDER BY "id" LIMIT ${PRUNED_AT_ONCE_MAX})
       AND ("at" < $1 OR "id" <= (SELECT max("id") FROM "${table}") - $2::int8) RETURNING 1`,
      [Math.trunc(beforeMs), rows],
    )
    return removed.length >= PRUNED_AT_ONCE_MAX
  }

  /** Commits whole, and what is gone is known: whoever comes back too late is told so. */
  async #pruneEvents(rows: number, beforeMs: number): Promise<boolean> {
    const session = await this.#present()
    const [counted] = await session.rows('SELECT count(*)::int8 FROM "LeaseEvent"')
    const beyond = Math.min(EVENTS_PRUNED_AT_ONCE_MAX, Math.max(0, Number(counted?.[0] ?? 0) - rows))
    const oldest = `SELECT "commitNumber", "at" FROM "LeaseEvent" ORDER BY "commitNumber", "sequence"`
    return inTransaction(session, async () => {
      const [found] = await session.rows(
        `SELECT greatest(
           (SELECT max("commitNumber") FROM (${oldest} LIMIT ${EVENTS_PRUNED_AT_ONCE_MAX}) AS "old" WHERE "at" < $1::int8),
           (SELECT max("commitNumber") FROM (${oldest} LIMIT $2::int8) AS "many"))`,
        [Math.trunc(beforeMs), beyond],
      )
      const upTo = found?.[0]
      if (typeof upTo !== 'number') return false
      const removed = await session.rows('DELETE FROM "LeaseEvent" WHERE "commitNumber" <= $1 RETURNING 1', [
        Number(upTo),
      ])
      await writeFacts(session, new Map([[NodeFactKey.leaseEventsRemoved, String(upTo)]]))
      return removed.length >= EVENTS_PRUNED_AT_ONCE_MAX
    })
  }

  async #pruneSamples({ table, key, stepSeconds, beforeMs }: SampleBound): Promise<boolean> {
    const session = await this.#present()
    const columns = key.map((column) => `"${column}"`).join(', ')
    const removed = await session.rows(
      `DELETE FROM "${table}" WHERE (${columns}) IN
       (SELECT ${columns} FROM "${table}" WHERE "stepSeconds" = $1 AND "at" < $2 LIMIT ${PRUNED_AT_ONCE_MAX}) RETURNING 1`,
      [stepSeconds, beforeMs],
    )
    return removed.length >= PRUNED_AT_ONCE_MAX
  }

  async #present(): Promise<Session> {
    if (this.#session !== undefined && !this.#session.isLost) return this.#session
    const session = await Session.open(this.#storageUrl, 'history')
    // What explains is no promise: the flush of a later commit carries it to disk too.
    await session.run('SET synchronous_commit = off')
    this.#session = session
    return session
  }
}
