/** The accounts of a server from the command line: its database, brought to the present form, and who acts. */
import { roles } from '@tandem/api-contract'
import type { Role } from '@tandem/api-contract'
import { userInfo } from 'node:os'
import type { NodeConfiguration } from '../configuration/server-configuration.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { openConsoleDatabase } from '../storage/console-database.ts'
import { openStorage } from '../storage/open-storage.ts'
import type { Author } from '../storage/operator-changes.ts'
import { StorageUnusable } from '../storage/storage-unusable.ts'
import { insistOnConfiguration } from './check-command.ts'
import { UserError } from './user-error.ts'

export interface AccessDatabase {
  readonly node: NodeConfiguration
  readonly database: ConsoleDatabase
  /** Goes to the audit. */
  readonly by: Author
}

export async function onAccessDatabase<Result>(
  file: string,
  use: (open: AccessDatabase) => Promise<Result>,
): Promise<Result> {
  const { node } = insistOnConfiguration(file)
  const nowMs = Date.now()
  await bringToPresentSchema(node.storageUrl, nowMs)
  const database = await openConsoleDatabase(node.storageUrl)
  try {
    return await use({ node, database, by: { operator: userInfo().username, detail: 'on the command line', nowMs } })
  } finally {
    await database.close()
  }
}

/** A server that never ran has no tables yet; one that runs waits while we look. */
async function bringToPresentSchema(storageUrl: string, nowMs: number): Promise<void> {
  try {
    const storage = await openStorage(storageUrl, nowMs)
    await storage.close()
  } catch (error) {
    if (error instanceof StorageUnusable) throw new UserError(error.message)
    throw error
  }
}

export function insistOnRole(text: string): Role {
  const known = roles.find((each) => each === text)
  if (known === undefined) throw new UserError(`"${text}" is no role: write ${roles.join(', ')}.`)
  return known
}

/** Columns with two spaces between them; the last one is as long as it is. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('')
}

export const dayOf = (unixMs: bigint | null, none: string): string =>
  unixMs === null ? none : new Date(Number(unixMs)).toISOString().slice(0, 16).replace('T', ' ')
