/** Every configuration that ran, numbered and immutable (architecture section 9). */
import { inTransaction, type Connection } from './connection.ts'

export interface ConfigurationRecord {
  readonly text: string
  readonly sha256: string
  readonly who: string
  readonly why: string
  readonly atMs: number
}

export interface ConfigurationRevision extends ConfigurationRecord {
  readonly number: number
}

export function latestConfiguration(connection: Connection): ConfigurationRevision | undefined {
  const row = connection
    .prepare(
      'SELECT "number", "text", "sha256", "who", "why", "at" FROM "ConfigurationRevision" ORDER BY "number" DESC LIMIT 1',
    )
    .raw()
    .get([])
  if (!Array.isArray(row)) return undefined
  const values: readonly unknown[] = row
  const [number, text, sha256, who, why, at] = values
  return {
    number: Number(number),
    text: String(text),
    sha256: String(sha256),
    who: String(who),
    why: String(why),
    atMs: Number(at),
  }
}

export function recordConfiguration(connection: Connection, record: ConfigurationRecord): number {
  return inTransaction(connection, () => {
    const latest = latestConfiguration(connection)
    if (latest?.sha256 === record.sha256) return latest.number
    const number = (latest?.number ?? 0) + 1
    connection
      .prepare(
        'INSERT INTO "ConfigurationRevision" ("number", "sha256", "text", "who", "why", "at") VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run([number, record.sha256, record.text, record.who, record.why, record.atMs])
    return number
  })
}
