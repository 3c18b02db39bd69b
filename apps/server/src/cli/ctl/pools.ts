/** `tandem ctl pools`: how full they are, and whose the free ones are; drains one, and gives leases from it again. */
import { itemsOf, poolKeyOf } from '@tandem/api-contract'
import type { LeaseKind, Pool, PoolDraining, PoolForecast } from '@tandem/api-contract'
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
  'DRAINED',
]

function rowOf(pool: Pool): readonly string[] {
  const { subnetId, id, total, leased, ownFree, partnerFree, quarantined, waiting, reserved, forecast } = pool
  const counts = [total, leased, ownFree, partnerFree, quarantined, waiting, reserved]
  return [subnetId, id, ...counts, outcomeText(forecast.present), drainedText(pool)]
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

function drainedText({ draining, partnerDraining }: Pool): string {
  if (draining === null) return partnerDraining === true ? 'only by the partner' : '-'
  return `${countdownText(draining)}${partnerDraining === false ? ', not by the partner' : ''}`
}

function countdownText({ leasesLeft, emptyBy }: PoolDraining): string {
  return emptyBy === null ? 'empty' : `${leasesLeft} left, empty by ${timeText(emptyBy)}`
}

export interface PoolCommandWish {
  readonly pool: string
  readonly reason: string
  readonly idempotencyKey?: string | undefined
}

export async function commandPool(
  act: 'drainPool' | 'stopDraining',
  api: CtlApi,
  { pool: id, reason, idempotencyKey }: PoolCommandWish,
  format: Format,
): Promise<ExitCode> {
  const pool = await api[act]({
    params: { pool: poolKeyOf(id) },
    body: { reason },
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  })
  if (format === 'text') print(poolText(pool))
  else printJson(pool, format)
  return ExitCode.done
}

function poolText({ id, draining, partnerDraining, relationship }: Pool): string {
  const drainsHere = draining !== null
  const here = drainsHere ? `is being drained: ${countdownText(draining)}` : 'gives leases to new clients'
  const reserved =
    drainsHere && draining.reservedInUse !== '0' ? ` Reserved leases stay: ${draining.reservedInUse} in use.` : ''
  if (relationship === null || partnerDraining === drainsHere) return `${id} ${here}.${reserved}`
  const partner =
    partnerDraining === null
      ? 'What the partner does is not known.'
      : `The partner ${partnerDraining ? 'still drains it' : 'does not drain it yet'}.`
  return `${id} ${here}.${reserved}\n${partner} Give it the same command (--server, --url).`
}
