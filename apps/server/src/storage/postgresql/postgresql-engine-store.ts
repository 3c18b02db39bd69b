/**
 * Makes the engine's changes durable in PostgreSQL: one transaction per commit, under its commit number, by the one process
 * that holds the database. Comes back by itself after a loss, and never on a database that has forgotten something (decision 0091).
 */
import { randomUUID } from 'node:crypto'
import type { Commit, CommitReceipt } from '../commit.ts'
import { rowsOfCommit, type CommitRows } from '../commit-rows.ts'
import { NodeFactKey } from '../node-fact-keys.ts'
import { nameOfStorage } from '../storage-url.ts'
import { StorageUnusable } from '../storage-unusable.ts'
import { backendOf, endHolder, mustLock, tryLock } from './advisory-lock.ts'
import { checkServer } from './check-server.ts'
import { readNumberFact, writeFacts } from './facts.ts'
import { failureOfPostgresql } from './failure.ts'
import { DatabaseLost, inTransaction, Session } from './session.ts'
import { audits, bindings, endpoints, leaseEvents, transitions, write } from './tables.ts'

/** The lock on the row of the holder lasts until the transaction ends: nobody takes the storage over in between. */
const BEGIN = `BEGIN; SELECT "key", "value" FROM "NodeFact"
  WHERE "key" IN ('${NodeFactKey.storageHolder}', '${NodeFactKey.lastCommitNumber}', '${NodeFactKey.runningUntil}')
  ORDER BY "key" FOR UPDATE`

export class PostgresqlEngineStore {
  readonly #storageUrl: string
  /** A name of this process in the database; whoever writes another one there has taken over. */
  readonly #holder = randomUUID()
  #session: Session | undefined
  /** Of the session that has, or had, the lock. */
  #backend = 0
  #lastNumber = 0
  #runningUntilMs = 0

  private constructor(storageUrl: string) {
    this.#storageUrl = storageUrl
  }

  /** Takes the database for this process. Rejects with StorageUnusable, or with what the server said. */
  static async open(storageUrl: string): Promise<PostgresqlEngineStore> {
    const store = new PostgresqlEngineStore(storageUrl)
    const session = await Session.open(storageUrl, 'commits')
    try {
      const name = nameOfStorage(storageUrl)
      await checkServer(session, name)
      await mustLock(session, name)
      await inTransaction(session, () => writeFacts(session, new Map([[NodeFactKey.storageHolder, store.#holder]])))
      store.#lastNumber = (await readNumberFact(session, NodeFactKey.lastCommitNumber)) ?? 0
      store.#runningUntilMs = (await readNumberFact(session, NodeFactKey.runningUntil)) ?? 0
      store.#backend = await backendOf(session)
    } catch (error) {
      session.abandon()
      throw error
    }
    store.#session = session
    return store
  }

  get lastCommitNumber(): number {
    return this.#lastNumber
  }

  /** Settles once the commit is durable. A number that is durable already is not written again. */
  async commit(commit: Commit): Promise<CommitReceipt> {
    if (commit.number > this.#lastNumber) {
      if (commit.number !== this.#lastNumber + 1) {
        throw new Error(`commit ${commit.number} came after commit ${this.#lastNumber}`)
      }
      const rows = rowsOfCommit(commit)
      const session = await this.#present()
      try {
        this.#runningUntilMs = await this.#commitOn(session, commit, rows)
      } catch (error) {
        await this.#giveUp(session, error)
        throw error
      }
      this.#lastNumber = commit.number
    }
    return { number: commit.number, runningUntilMs: this.#runningUntilMs }
  }

  async close(): Promise<void> {
    const session = this.#session
    this.#session = undefined
    if (session !== undefined && !session.isLost) await session.close()
  }

  /** Answers "running until" as it is durable now. */
  async #commitOn(session: Session, commit: Commit, rows: CommitRows): Promise<number> {
    const found = new Map((await session.run(BEGIN)).map(([key, value]) => [key, value]))
    const stored = Number(found.get(NodeFactKey.lastCommitNumber) ?? 0)
    // First, since it may have forgotten the holder too.
    if (stored < this.#lastNumber) await this.#refuseOlder(session, stored)
    if (found.get(NodeFactKey.storageHolder) !== this.#holder) {
      throw new Error('another server has taken this storage over; this one has to end')
    }
    if (stored > commit.number) {
      throw new Error(`another process made commit ${stored} in this storage; our last one was ${this.#lastNumber}`)
    }
    if (stored === commit.number) {
      // An attempt whose answer was lost. Written once more, since it may have got to this server and not yet to its standby:
      // what this COMMIT says is true of everything before it.
      const runningUntil = String(found.get(NodeFactKey.runningUntil))
      await writeFacts(session, new Map([[NodeFactKey.runningUntil, runningUntil]]))
      await session.commit()
      return Number(runningUntil)
    }
    await write(session, transitions, rows.transitions)
    await write(session, audits, rows.audits)
    await write(session, bindings, rows.bindings)
    await write(session, leaseEvents, rows.leaseEvents)
    await write(session, endpoints, rows.endpoints)
    await writeFacts(session, rows.facts)
    await session.commit()
    return commit.runningUntilMs
  }

  /** Marked first, so that no server starts on it either before somebody has looked at it (decision 0070). */
  async #refuseOlder(session: Session, stored: number): Promise<never> {
    await writeFacts(session, new Map([[NodeFactKey.backupMadeAt, String(Date.now())]]))
    await session.commit()
    throw new Error(
      `the database has forgotten the commits ${stored + 1} to ${this.#lastNumber}, of which clients and partner were told; ` +
        'it is marked as a restored one now: run "tandem restore --config FILE", then start the server',
    )
  }

  /** Where the session may still be good only what it had begun is undone. */
  async #giveUp(session: Session, error: unknown): Promise<void> {
    if (!session.isLost && failureOfPostgresql(error) === 'constraint') {
      await session.run('ROLLBACK').catch(() => session.abandon())
    } else {
      session.abandon()
    }
  }

  async #present(): Promise<Session> {
    if (this.#session !== undefined && !this.#session.isLost) return this.#session
    this.#session = undefined
    this.#session = await this.#comeBack()
    return this.#session
  }

  /** The database may be another one by now, behind the same name: it is asked everything anew. */
  async #comeBack(): Promise<Session> {
    const session = await Session.open(this.#storageUrl, 'commits')
    try {
      await checkServer(session, nameOfStorage(this.#storageUrl))
      if (!(await tryLock(session))) {
        // Most likely our own former session, whose end has not been noticed there.
        await endHolder(session, this.#backend)
        if (!(await tryLock(session))) throw new DatabaseLost('another session holds the lock of this storage')
      }
      this.#backend = await backendOf(session)
      return session
    } catch (error) {
      session.abandon()
      // It may be put right while we wait.
      throw error instanceof StorageUnusable ? new DatabaseLost(error.message, { cause: error }) : error
    }
  }
}
