/** `tandem ctl pools`: how full they are, and whose the free ones are. */
import { itemsOf } from '@tandem/api-contract'
import type { LeaseKind, Pool, PoolForecast } from '@tandem/api-contract'
import type { CtlApi } from './api-over-http.ts'
import type { Connection } from './connection.ts'
import { ExitCode } from './exit-codes.ts'
import { follow } from './live.ts'
import { print, printJson, table, timeText } from './output.ts'
import type { Format } from './output.ts'

export interface PoolWish {
  readonly subnet?: string | undefined
  readonly relationship?: string | undefined
  readonly kind?: LeaseKind | undefined
}

async function readPools(api: CtlApi, wish: PoolWish): Promise<readonly Pool[]> {
  const pools: Pool[] = []
  for await (const pool of itemsOf((cursor) => api.listPools({ query: { ...wish, cursor } }))) pools.push(pool)
  return pools
}

export async function showPools(api: CtlApi, wish: PoolWish, format: Format): Promise<ExitCode> {
  show(await readPools(api, wish), format)
  return ExitCode.done
}

export async function watchPools(
  api: CtlApi,
  connection: Connection,
  wish: PoolWish,
  format: Format,
): Promise<ExitCode> {
  let shown = ''
  const showIfChanged = (pools: readonly Pool[]): void => {
    const text = JSON.stringify(pools)
    if (text === shown) return
    if (format === 'text' && shown !== '') print('')
    shown = text
    if (format === 'text') show(pools, format)
    else printJson({ items: pools }, 'jsonl')
  }
  showIfChanged(await readPools(api, wish))
  return follow(connection, {
    missed: async () => showIfChanged(await readPools(api, wish)),
    changed: (event) => {
      if (event.kind === 'pools-changed') showIfChanged(event.pools.items.filter((pool) => fits(pool, wish)))
    },
  })
}

function fits(pool: Pool, { subnet, relationship, kind }: PoolWish): boolean {
  return (
    (subnet === undefined || pool.subnetId === subnet) &&
    (relationship === undefined || pool.relationship === relationship) &&
    (kind === undefined || pool.kind === kind)
  )
}

function show(pools: readonly Pool[], format: Format): void {
  if (format === 'json') printJson({ items: pools }, format)
  else if (format === 'jsonl') for (const pool of pools) printJson(pool, format)
  else if (pools.length === 0) print('No pools.')
  else print(table([HEADS, ...pools.map(rowOf)]))
}

const HEADS = [
  'SUBNET',
  'POOL',
  'TOTAL',
  'LEASED',
  'OWN FREE',
  'PARTNER FREE',
  'QUARANTINED',
  'WAITING',
  'RESERVED',
  'RUNS OUT',
]

function rowOf(pool: Pool): readonly string[] {
  const { subnetId, id, total, leased, ownFree, partnerFree, quarantined, waiting, reserved, forecast } = pool
  const runsOut = outcomeText(forecast.present)
  return [subnetId, id, total, leased, ownFree, partnerFree, quarantined, waiting, reserved, runsOut]
}

/** In the present state. */
function outcomeText({ outcome, at }: PoolForecast): string {
  switch (outcome) {
    case 'runs-out':
      return at === null ? '' : timeText(at)
    case 'empty':
      return 'now'
    case 'not-at-this-rate':
      return 'not at this rate'
    case 'not-within-a-year':
      return 'not within a year'
    case 'not-enough-data':
      return 'not known yet'
    case 'gives-none':
      return 'gives none now'
  }
}
