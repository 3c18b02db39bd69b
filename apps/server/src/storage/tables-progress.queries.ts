/** How far the tables are behind the commits, for what is shown of a lease right after it changed (decision 0087). */
import { setTimeout as delay } from 'node:timers/promises'
import type { ConsoleDatabase } from './console-database.ts'
import { NodeFactKey } from './node-fact-keys.ts'

const ASK_AGAIN_MS = 50

/** Settles with true once the tables hold all commits up to this one; with false after `withinMs`. */
export async function untilTablesHold(
  { reader }: ConsoleDatabase,
  commitNumber: number,
  withinMs: number,
): Promise<boolean> {
  const until = performance.now() + withinMs
  while (true) {
    const [row] = await reader.all('SELECT "value" FROM "NodeFact" WHERE "key" = ?', [NodeFactKey.lastCommitNumber])
    const value = typeof row === 'object' && row !== null && 'value' in row ? Number(row.value) : 0
    if (value >= commitNumber) return true
    if (performance.now() >= until) return false
    await delay(ASK_AGAIN_MS)
  }
}
