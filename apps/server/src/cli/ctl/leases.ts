/** `tandem ctl leases`: lists and searches them, shows one with its reasons and history, brings a quarantined one back, ends one in use. */
import { itemsOf, leaseKeyOf } from '@tandem/api-contract'
import type { Lease, LeaseChange, LeaseQuery } from '@tandem/api-contract'
import type { CtlApi } from './api-over-http.ts'
import type { Connection } from './connection.ts'
import { ExitCode } from './exit-codes.ts'
import { follow } from './live.ts'
import { print, printJson, remark, table, timeText } from './output.ts'
import type { Format, Row } from './output.ts'

export type LeaseWish = Partial<Omit<LeaseQuery, 'cursor' | 'limit'>>

const PAGE_SIZE = 500
/** Rows of a table whose columns have to be known before the first is printed. */
const TABLE_ROWS = 500

/** `limit` undefined: all there are. */
export async function listLeases(
  api: CtlApi,
  wish: LeaseWish,
  limit: number | undefined,
  format: Format,
): Promise<ExitCode> {
  const rest = { left: limit ?? Number.POSITIVE_INFINITY }
  const items = itemsOf((cursor) =>
    api.listLeases({ query: { ...wish, cursor, limit: Math.min(PAGE_SIZE, Math.max(1, rest.left)) } }),
  )
  const held: Lease[] = []
  let more = false
  for await (const lease of items) {
    more = rest.left === 0
    if (more) break
    rest.left -= 1
    if (format === 'jsonl') printJson(lease, format)
    else held.push(lease)
    if (format === 'text' && held.length === TABLE_ROWS) print(table([HEADS, ...held.splice(0).map(rowOf)]))
  }
  if (format === 'json') printJson({ items: held }, format)
  else if (held.length > 0) print(table([HEADS, ...held.map(rowOf)]))
  if (more) remark(`There are more than ${limit}: give --limit a larger number, or --all.`)
  return ExitCode.done
}

/** Each lease that changes from now on; those that change while there is no connection are not shown, which is said. */
export async function watchLeases(
  api: CtlApi,
  connection: Connection,
  fits: (lease: Lease) => boolean,
  format: Format,
): Promise<ExitCode> {
  await api.getServer()
  let began = false
  return follow(
    connection,
    {
      missed: () => {
        if (began) remark('Some changes may be missing here.')
        began = true
      },
      changed: (event) => {
        if (event.kind !== 'lease-changed' || !fits(event.lease)) return
        if (format !== 'text') return printJson(event, 'jsonl')
        print(
          [new Date().toISOString().slice(11, 19), event.cause, event.from ?? '-', ...rowOf(event.lease)].join('  '),
        )
      },
    },
    { singleLeases: true },
  )
}

const HEADS = ['LEASE', 'STATE', 'EXPIRES', 'CLIENT', 'IAID', 'SUBNET', 'HOST NAME']

function rowOf({ lease, state, stateExpiresAt, client, subnetId, clientHostName }: Lease): Row {
  return [
    lease,
    state,
    stateExpiresAt === null ? '-' : timeText(stateExpiresAt),
    client?.duid ?? '-',
    client === null ? '-' : String(client.iaid),
    subnetId,
    clientHostName ?? '-',
  ]
}

export async function showLease(api: CtlApi, address: string, format: Format): Promise<ExitCode> {
  const lease = await api.getLease({ params: { address: leaseKeyOf(address) } })
  if (format === 'text') print(leaseText(lease))
  else printJson(lease, format)
  return ExitCode.done
}

function leaseText(lease: Lease): string {
  const at = (timestamp: string | null): string => (timestamp === null ? 'never' : timeText(timestamp))
  const { client, lifetime } = lease
  const rows: readonly Row[] = [
    ['state', `${lease.state} since ${timeText(lease.stateSince)}`],
    ['expires', at(lease.stateExpiresAt)],
    ['client', client === null ? 'none' : `${client.duid} ${client.iaType} ${client.iaid}`],
    ['host name', lease.clientHostName ?? 'none'],
    ['subnet', lease.subnetId],
    ['relationship', lease.relationship ?? 'none: served by this server alone'],
    ['why so long', lifetime === null ? 'not on record' : lifetime.sentence],
    ['client heard', `${at(lease.clientHeardAt)} here, ${at(lease.partnerHeardClientAt)} by the partner`],
    ['partner', lease.owedToPartner ? 'has still to acknowledge' : 'has acknowledged everything'],
  ]
  return [lease.lease, ...rows.map(([name = '', text = '']) => `  ${name.padEnd(12)}  ${text}`)].join('\n')
}

export async function showLeaseHistory(api: CtlApi, address: string, format: Format): Promise<ExitCode> {
  const changes: LeaseChange[] = []
  const items = itemsOf((cursor) =>
    api.listLeaseChanges({ params: { address: leaseKeyOf(address) }, query: { cursor, limit: PAGE_SIZE } }),
  )
  for await (const change of items) changes.push(change)
  if (format === 'json') printJson({ items: changes }, format)
  else if (format === 'jsonl') for (const change of changes) printJson(change, format)
  else if (changes.length === 0) print('Nothing is on record.')
  else print(table([['AT', 'FROM', 'TO', 'CAUSE', 'CLIENT'], ...changes.map(changeRow)]))
  return ExitCode.done
}

function changeRow({ at, from, to, cause, clientDuid }: LeaseChange): Row {
  return [timeText(at), from ?? '-', to, cause, clientDuid ?? '-']
}

export interface LeaseCommandWish {
  readonly address: string
  readonly reason: string
  /** The version that was looked at; absent: whatever it is now. */
  readonly ifMatch?: string | undefined
  readonly idempotencyKey?: string | undefined
}

export async function commandLease(
  act: 'resetLease' | 'releaseLease',
  api: CtlApi,
  { address, reason, ifMatch, idempotencyKey }: LeaseCommandWish,
  format: Format,
): Promise<ExitCode> {
  const lease = await api[act]({
    params: { address: leaseKeyOf(address) },
    body: { reason },
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  })
  if (format === 'text') print(leaseText(lease))
  else printJson(lease, format)
  return ExitCode.done
}
