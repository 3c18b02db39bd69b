/** What the primary owes the secondary: leases run out all the time, so under a steady load it is small, and seldom nothing. */
import type { TandemServer } from '../../e2e/topology/tandem-server.ts'
import { waitUntil } from '../../e2e/topology/wait-until.ts'
import { conditionOf, type Condition } from '../leases-per-second/tandem-pair.ts'

export type Pair = readonly [TandemServer, TandemServer]

const PAID_LIMIT_MS = 120_000
const ATTEMPTS = 3

/** Updates. Throws if a server has ended or left NORMAL. */
export async function debtOf(pair: Pair): Promise<number> {
  const dead = pair.find(({ program }) => program.exit() !== undefined)
  if (dead !== undefined) throw new Error(`a server died:\n${dead.program.output().slice(-2000)}`)
  const conditions = await Promise.all(pair.map(patiently))
  const gone = conditions.find(({ state }) => state !== 'normal')
  if (gone !== undefined) throw new Error(`a server has left NORMAL for ${gone.state}`)
  return conditions[0]?.updatesOwed ?? 0
}

/** A machine that is busy for ten seconds shall not end half an hour. */
async function patiently(server: TandemServer): Promise<Condition> {
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    try {
      return await conditionOf(server)
    } catch {
      // The last attempt says what is wrong.
    }
  }
  return conditionOf(server)
}

/** Seconds until no more than `updates` are owed. */
export async function paidDownTo(pair: Pair, updates: number): Promise<number> {
  const startedAt = Date.now()
  await waitUntil(`alpha owes beta no more than ${updates} updates`, PAID_LIMIT_MS, async () => {
    return (await debtOf(pair)) <= updates
  })
  return (Date.now() - startedAt) / 1000
}
