/** What a preview counted: the leases as they were up to a commit. No lease that changed since is released. */
import type { ConsoleDatabase } from '../../storage/console-database.ts'
import { readEventBounds } from '../../storage/lease-events.queries.ts'

export interface AsOf {
  readonly commitNumber: number
  readonly atMs: number
}

/** Read before the leases are, which then are at least so new. */
export async function readAsOf(database: ConsoleDatabase): Promise<AsOf> {
  const { lastCommitNumber } = await readEventBounds(database)
  return { commitNumber: lastCommitNumber, atMs: Date.now() }
}

export function asOfText({ commitNumber, atMs }: AsOf): string {
  return `${commitNumber}-${atMs}`
}

/** Of a text that the contract has checked. */
export function asOfFrom(text: string): AsOf {
  const [commitNumber, atMs] = text.split('-').map(Number)
  return { commitNumber: commitNumber ?? 0, atMs: atMs ?? 0 }
}
