/** The main thread's way to the database: Prisma for the console's own nouns, a read-only way for big lists. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Prisma, PrismaClient } from './generated/prisma/client.ts'
import { keepWasmCode } from './keep-wasm-code.ts'
import type { OrderedLeases, WalkedOrder } from './lease-order.ts'
import type { FoundLeases, LeaseWords } from './lease-words.ts'
import type { SqlValue } from './sql-value.ts'
import { fileOfStorageUrl, isPostgresqlUrl } from './storage-url.ts'

export type { PrismaClient } from './generated/prisma/client.ts'

/** Cannot write. */
export interface ListReader {
  /** Placeholders are question marks; rows come as objects. */
  all(sql: string, values: readonly SqlValue[]): Promise<readonly unknown[]>
  /** The SQL that is true where the upper-case hexadecimal digits of a column contain a placeholder's. */
  hexContains(column: string): string
  /** The leases that have these words, by an index. */
  leasesWith(words: LeaseWords): FoundLeases
  /** Those of a status other than ACTIVE, by an index. */
  leasesNotActive(status: string): FoundLeases
  /** All leases in an order that an index has. */
  leasesInOrder(by: WalkedOrder): OrderedLeases
}

export interface ConsoleDatabase {
  /** Operators, sessions, tokens, idempotency records: short writes. Never bindings or endpoints. */
  readonly prisma: PrismaClient
  /** Lists read here, page by page. */
  readonly reader: ListReader
  close(): Promise<void>
}

/** What reads and writes single rows: the database itself, or a transaction on it. */
export interface ConsoleTables {
  readonly prisma: Prisma.TransactionClient
}

const TRIES_MAX = 12
const RETRY_STEP_MS = 20
/** For its turn: a machine that is busy is no reason to refuse. */
const TURN_WAIT_MAX_MS = 10_000
/** A database file is locked for the engine meanwhile, and after three seconds without it the server falls silent. */
const TRANSACTION_MAX_MS = 2_000

/**
 * All of it or nothing, as if alone. The first statement has to write: on a database file a transaction that has only read
 * cannot begin to write once the engine has committed. May run several times, so it does nothing but ask the database.
 */
export async function inOneTransaction<Result>(
  { prisma }: ConsoleDatabase,
  work: (tables: ConsoleTables) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await prisma.$transaction(async (transaction) => work({ prisma: transaction }), {
        isolationLevel: 'Serializable',
        maxWait: TURN_WAIT_MAX_MS,
        timeout: TRANSACTION_MAX_MS,
      })
    } catch (error) {
      if (!isWriteConflict(error) || attempt >= TRIES_MAX) throw error
      // Not in step with those that it met: they would meet again.
      await delay(Math.random() * attempt * RETRY_STEP_MS)
    }
  }
}

/**
 * Prisma says so in several ways: in a statement of its own, in one that we wrote (there only with the code of PostgreSQL, for
 * a conflict or a deadlock), and at the end of the transaction.
 */
function isWriteConflict(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, meta } = error as { readonly code?: unknown; readonly meta?: unknown }
  const said = `${error.message} ${JSON.stringify(meta ?? '')}`
  return code === 'P2034' || /TransactionWriteConflict|\b40001\b|\b40P01\b/u.test(said)
}

/** Each kind is read only where it is used: a client is a megabyte. Expects a database that `openStorage` has made and migrated. */
export async function openConsoleDatabase(storageUrl: string): Promise<ConsoleDatabase> {
  keepWasmCode()
  if (isPostgresqlUrl(storageUrl)) {
    const { openPostgresqlConsole } = await import('./postgresql/postgresql-console.ts')
    return openPostgresqlConsole(storageUrl)
  }
  const { openFileConsole } = await import('./file-console.ts')
  return openFileConsole(fileOfStorageUrl(storageUrl))
}
