/** One session with a PostgreSQL server: numbers, truth values and octets as the rest of storage reads them, and losses told apart from refusals. */
import { Client, DatabaseError, types, type ClientConfig } from 'pg'
import type { SqlValue } from '../sql-value.ts'

/** The server cannot be reached, or went away in the middle: whether the last statement was carried out is not known. */
export class DatabaseLost extends Error {
  override readonly name = 'DatabaseLost'
}

const CONNECT_WITHIN_MS = 3000
/**
 * Then the session is given up and another one asks what became of the statement. Only on our side: a limit that the server
 * keeps would end its wait for a synchronous standby, and call the commit made.
 */
const ANSWER_WITHIN_MS = 10_000

const BOOL = 16
const INT8 = 20
const NUMERIC = 1700

/** The driver's own, of which its types say less than they know. */
const parsers = types as { getTypeParser(oid: number, format: 'text'): (text: string) => unknown }

/** SQLite has no truth values; what reads its rows expects 0 and 1. */
function parserOf(oid: number): (text: string) => unknown {
  if (oid === BOOL) return (text) => (text === 't' ? 1 : 0)
  if (oid === INT8 || oid === NUMERIC) return safeNumber
  return parsers.getTypeParser(oid, 'text')
}

function safeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new Error(`the storage holds ${text} where a number stands`)
  return number
}

export const clientConfig = (storageUrl: string, purpose: string): ClientConfig => ({
  connectionString: storageUrl,
  application_name: `tandem ${purpose}`,
  connectionTimeoutMillis: CONNECT_WITHIN_MS,
  query_timeout: ANSWER_WITHIN_MS,
  keepAlive: true,
  types: { getTypeParser: parserOf },
})

export type PgValue = SqlValue | readonly (SqlValue | undefined)[]

/** A host that vanished keeps its locks until the server notices; by these within eleven seconds. */
const NOTICE_LOSS = 'SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3'

export class Session {
  readonly #client: Client
  #isLost = false
  #warnings: string[] = []

  private constructor(client: Client) {
    this.#client = client
    // Said by the statement that comes next, or that is under way.
    client.on('error', () => {
      this.#isLost = true
    })
    client.on('end', () => {
      this.#isLost = true
    })
    client.on('notice', ({ code, message }) => {
      // Class 01 of its codes; the word is in the language of the server.
      if (code?.startsWith('01') === true) this.#warnings.push(message ?? '')
    })
  }

  /** `purpose` is shown in `pg_stat_activity`. Rejects with DatabaseLost, or with what the server said. */
  static async open(storageUrl: string, purpose: string): Promise<Session> {
    const session = new Session(new Client(clientConfig(storageUrl, purpose)))
    try {
      await session.#told(() => session.#client.connect())
      await session.run(NOTICE_LOSS)
      return session
    } catch (error) {
      session.abandon()
      throw error
    }
  }

  get isLost(): boolean {
    return this.#isLost
  }

  /** Rows as lists of values. A named statement is prepared once for the session. */
  async rows(text: string, values: readonly PgValue[] = [], name?: string): Promise<readonly (readonly unknown[])[]> {
    const query = { text, values: values.map(withoutNul), rowMode: 'array' as const, name }
    return this.#told(async () => (await this.#client.query<unknown[]>(query)).rows)
  }

  /** One or several statements without values; the rows of the last one. */
  async run(text: string): Promise<readonly (readonly unknown[])[]> {
    // The types do not know that several statements give a list of results.
    const answered: unknown = await this.#told(() => this.#client.query({ text, rowMode: 'array' }))
    const last: unknown = Array.isArray(answered) ? answered.at(-1) : answered
    const rows: unknown = typeof last === 'object' && last !== null && 'rows' in last ? last.rows : []
    return Array.isArray(rows) ? rows.map((row: unknown): readonly unknown[] => (Array.isArray(row) ? row : [])) : []
  }

  /** Settles when the transaction is durable as the server is configured, and rejects where it says anything less. */
  async commit(): Promise<void> {
    this.#warnings = []
    const { command } = await this.#told(() => this.#client.query('COMMIT'))
    if (command !== 'COMMIT') throw new DatabaseLost(`the database answered COMMIT with ${command}`)
    const [warning] = this.#warnings
    // A wait for a standby that was broken off: committed here, and not where it was to be safe.
    if (warning !== undefined) throw new DatabaseLost(`the database committed with a warning: ${warning}`)
  }

  /** Without a word to the server. */
  abandon(): void {
    this.#isLost = true
    void this.#client.end().catch(() => undefined)
  }

  async close(): Promise<void> {
    if (this.#isLost) return
    this.#isLost = true
    await this.#client.end()
  }

  /** What carries a code of the server is its answer; everything else is a loss of the session. */
  async #told<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#isLost) throw new DatabaseLost('the connection to the database was lost')
    try {
      return await work()
    } catch (error) {
      if (error instanceof DatabaseError) throw error
      this.#isLost = true
      throw new DatabaseLost(error instanceof Error ? reasonOf(error) : String(error), { cause: error })
    }
  }
}

/** All addresses of a name refused: Node tells it without a message. */
function reasonOf(error: Error): string {
  if (error.message !== '') return error.message
  return 'code' in error && typeof error.code === 'string' ? error.code : 'the database cannot be reached'
}

/** Text of PostgreSQL holds every character but one. */
function withoutNul(value: PgValue): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '\uFFFD')
  if (Array.isArray(value)) {
    const list: readonly (SqlValue | undefined)[] = value
    return list.map((each) => (typeof each === 'string' ? each.replaceAll('\0', '\uFFFD') : each))
  }
  return value
}

export async function inTransaction<Result>(session: Session, work: () => Promise<Result>): Promise<Result> {
  await session.run('BEGIN')
  try {
    const result = await work()
    await session.commit()
    return result
  } catch (error) {
    if (!session.isLost) await session.run('ROLLBACK').catch(() => session.abandon())
    throw error
  }
}
