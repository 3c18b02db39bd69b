/** Every start of the server, with the time until which it had run before. */
import { inTransaction, type Connection } from './connection.ts'
import { NodeFactKey } from './node-fact-keys.ts'
import { readNumberFact } from './node-facts.ts'

export interface ServerStart {
  readonly atMs: number
  readonly version: string
}

/** Even of a server that is started anew every minute, these are a week. */
export const SERVER_STARTS_MAX = 10_000

/** Expects that the last run's promises are in the tables: they say until when it ran. */
export function recordStart(connection: Connection, { atMs, version }: ServerStart): void {
  const ranUntilMs = readNumberFact(connection, NodeFactKey.runningUntil) ?? null
  inTransaction(connection, () => {
    connection
      .prepare('INSERT INTO "ServerStart" ("at", "ranUntil", "version") VALUES (?, ?, ?)')
      .run([atMs, ranUntilMs, version])
    connection
      .prepare('DELETE FROM "ServerStart" WHERE "id" <= (SELECT max("id") FROM "ServerStart") - ?')
      .run([SERVER_STARTS_MAX])
  })
}
