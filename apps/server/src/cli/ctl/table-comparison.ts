/** `tandem ctl compare-leases`: all leases of a relationship against those of the partner, pool by pool, and their repair. */
import { setTimeout as delay } from 'node:timers/promises'
import type { TableComparison } from '@tandem/api-contract'
import type { CtlApi } from './api-over-http.ts'
import { ExitCode } from './exit-codes.ts'
import { print, printJson, remark, table } from './output.ts'
import type { Format } from './output.ts'

export interface TableComparisonWish {
  readonly act: 'follow' | 'detach' | 'last' | 'stop' | 'repair'
  readonly reason: string
  readonly idempotencyKey: string | undefined
}

const LOOK_INTERVAL_MS = 500

export async function compareTables(
  api: CtlApi,
  relationship: string,
  wish: TableComparisonWish,
  format: Format,
): Promise<ExitCode> {
  const comparison = await carriedOut(api, relationship, wish)
  if (format === 'text') printText(comparison)
  else printJson(comparison, format)
  if (wish.act === 'repair') return repairCodeOf(comparison)
  return wish.act === 'detach' || wish.act === 'stop' ? ExitCode.done : exitCodeOf(comparison)
}

async function carriedOut(
  api: CtlApi,
  relationship: string,
  { act, reason, idempotencyKey }: TableComparisonWish,
): Promise<TableComparison> {
  const of = { params: { name: relationship } }
  switch (act) {
    case 'last':
      return api.getTableComparison(of)
    case 'stop':
      return api.cancelTableComparison(of)
    case 'detach':
      return api.startTableComparison(of)
    case 'follow':
      return followed(api, await api.startTableComparison(of))
    case 'repair':
      return api.repairTableComparison({
        ...of,
        body: { reason },
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      })
  }
}

async function followed(api: CtlApi, first: TableComparison): Promise<TableComparison> {
  let now = first
  let said = ''
  while (now.state === 'running') {
    const text = `${now.compared} leases compared, ${now.differing} differ`
    if (text !== said) remark(text)
    said = text
    await delay(LOOK_INTERVAL_MS)
    now = await api.getTableComparison({ params: { name: now.relationship } })
  }
  return now
}

function printText(comparison: TableComparison): void {
  const { state, problem, pools, differences, differing, compared, moving, partnerName, repair } = comparison
  if (state === 'never') return print('The leases were not compared since this server was started.')
  if (pools.length > 0) print(table([POOL_HEADS, ...pools.map(poolRow)]))
  if (differences.length > 0) {
    print(table([DIFFERENCE_HEADS, ...differences.map((each) => [each.lease, each.outcome, each.state ?? '-'])]))
  }
  if (Number(differing) > differences.length) remark(`Of ${differing} that differ the first ${differences.length}.`)
  if (repair !== null) {
    print(`${partnerName} is told again of ${repair.told} leases; compare again to see what came of it.`)
    for (const { refusal, count } of repair.refused) print(`  ${count} refused: ${refusal}`)
  }
  remark(
    `${endWords[state]}: ${compared} leases compared with ${partnerName}, ${differing} differ, ${moving} were changing.`,
  )
  if (problem !== null) remark(`${problem}.`)
}

const endWords: Readonly<Record<Exclude<TableComparison['state'], 'never'>, string>> = {
  running: 'Not done yet',
  done: 'Done',
  cancelled: 'Stopped',
  failed: 'Failed',
}

const POOL_HEADS = ['POOL', 'COMPARED', 'AGREE', 'DIFFER', 'ONLY HERE', 'ONLY THERE', 'MOVING']
const DIFFERENCE_HEADS = ['LEASE', 'HOW', 'STATE HERE']

function poolRow(pool: TableComparison['pools'][number]): readonly string[] {
  const { poolId, kind, compared, agree, differ, onlyHere, onlyThere, moving } = pool
  return [
    poolId ?? `${kind === 'address' ? 'addresses' : 'prefixes'} of no pool`,
    compared,
    agree,
    differ,
    onlyHere,
    onlyThere,
    moving,
  ]
}

/** What differs was found before. */
function repairCodeOf({ repair }: TableComparison): ExitCode {
  return repair?.refused.length === 0 ? ExitCode.done : ExitCode.refused
}

function exitCodeOf({ state, differing }: TableComparison): ExitCode {
  if (state !== 'done') return ExitCode.notNow
  return differing === '0' ? ExitCode.done : ExitCode.degraded
}
