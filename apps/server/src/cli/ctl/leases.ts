/** `tandem ctl leases`: lists and searches them, shows one with its reasons and history, brings a quarantined one back, ends one in use. */
import { COMPARED_LEASES_MAX, itemsOf, leaseKeyOf } from '@tandem/api-contract'
import type { Lease, LeaseChange, LeaseComparison, LeaseQuery, LeaseSort } from '@tandem/api-contract'
import type { CtlApi } from './api-over-http.ts'
import type { Connection } from './connection.ts'
import { ExitCode } from './exit-codes.ts'
import { follow } from './live.ts'
import { print, printJson, remark, table, timeText } from './output.ts'
import type { Format, Row } from './output.ts'

export type LeaseWish = Partial<Omit<LeaseQuery, 'cursor' | 'limit' | 'sort'>>

const PAGE_SIZE = 500
/** Rows of a table whose columns have to be known before the first is printed. */
const TABLE_ROWS = 500

export interface LeaseListing {
  /** undefined: all there are. */
  readonly limit: number | undefined
  readonly sort: LeaseSort
  /** With the records of the partner. */
  readonly compare: boolean
}

/** A lease as it is printed; `comparison` where it was asked for. */
type Listed = Lease & { readonly comparison?: LeaseComparison | undefined }

export async function listLeases(
  api: CtlApi,
  wish: LeaseWish,
  { limit, sort, compare }: LeaseListing,
  format: Format,
): Promise<ExitCode> {
  const partners: SaidOfPartners = new Set()
  const rest = { left: limit ?? Number.POSITIVE_INFINITY }
  const items = itemsOf((cursor) =>
    api.listLeases({ query: { ...wish, sort, cursor, limit: Math.min(PAGE_SIZE, Math.max(1, rest.left)) } }),
  )
  const heads = compare ? [...HEADS, 'PARTNER'] : HEADS
  const listed: Listed[] = []
  const held: Lease[] = []
  let more = false
  const take = async (): Promise<void> => {
    const leases = held.splice(0)
    const known = compare ? await compared(api, leases, partners) : leases
    if (format === 'jsonl') for (const lease of known) printJson(lease, format)
    else if (format === 'json') listed.push(...known)
    else if (known.length > 0) print(table([heads, ...known.map(listedRow)]))
  }
  for await (const lease of items) {
    more = rest.left === 0
    if (more) break
    rest.left -= 1
    held.push(lease)
    if (held.length === (format === 'jsonl' && !compare ? 1 : TABLE_ROWS)) await take()
  }
  await take()
  if (format === 'json') printJson({ items: listed }, format)
  if (more) remark(`There are more than ${limit}: give --limit a larger number, or --all.`)
  return ExitCode.done
}

/** What was remarked on partners, so that it is said once and not for every piece. */
type SaidOfPartners = Set<string>

async function compared(api: CtlApi, leases: readonly Lease[], said: SaidOfPartners): Promise<readonly Listed[]> {
  const found = new Map<string, LeaseComparison>()
  for (let from = 0; from < leases.length; from += COMPARED_LEASES_MAX) {
    const keys = leases.slice(from, from + COMPARED_LEASES_MAX).map(({ key }) => key)
    const { items, partners } = await api.compareLeases({ query: { leases: keys.join(',') } })
    for (const item of items) found.set(item.key, item)
    for (const { serverName, problem } of partners) {
      const text = problem === null ? undefined : `Not compared with ${serverName}: ${problem}.`
      if (text === undefined || said.has(text)) continue
      said.add(text)
      remark(text)
    }
  }
  return leases.map((lease) => ({ ...lease, comparison: found.get(lease.key) }))
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

function listedRow(lease: Listed): Row {
  const { comparison } = lease
  return comparison === undefined ? rowOf(lease) : [...rowOf(lease), comparisonText(comparison)]
}

function comparisonText({ outcome, owedBy }: LeaseComparison): string {
  return outcome === 'owed' && owedBy !== null ? `owed by ${owedBy}` : outcome
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
  act: 'resetLease' | 'releaseLease' | 'resendLease',
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
