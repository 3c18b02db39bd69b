/** Holds what clients were told against what the server that told them has stored (durable, then told). */
import type { Duid } from '@tandem/protocol'
import type { ServerName } from '../topology/pair-configuration.ts'
import type { AskedLine, LedgerLine, LoadLedger, ToldLine } from './load-ledger.ts'
import type { StoredBinding } from './stored-bindings.ts'

/** Times travel between the servers in whole seconds (RFC 8156 section 3). */
const SECOND_MS = 1000
/** Of a grant by one server and an end by the other within five seconds the grant stays (decision 0021). */
const TIE_MS = 6000
/** A client has given a question up by then. */
const UNANSWERED_MS = 1000

/** The lease history is written beside the commits (decision 0074): of so long before a kill it may lack. */
const HISTORY_LAG_MS = 300

/** Of what happened before a broken promise, so much is told. */
const STORY_MS = 10_000

export interface PromiseCheck {
  /** REPLYs about leases that were held against the storage. */
  readonly checked: number
  readonly broken: readonly string[]
}

/** For each lease, the last word of this server; everything that was asked later may have changed the record since. */
export function checkPromises(
  ledger: LoadLedger,
  server: ServerName,
  stored: ReadonlyMap<string, StoredBinding>,
  nowMs: number,
): PromiseCheck {
  let checked = 0
  const broken: string[] = []
  const words = ledger.leases().map((lease) => ({ lease, told: lastWord(ledger.of(lease), server) }))
  const historyUntilMs = Math.max(...words.map(({ told }) => told?.atMs ?? 0)) - HISTORY_LAG_MS
  for (const { lease, told } of words) {
    if (told === undefined) continue
    const lines = ledger.of(lease)
    checked += 1
    const complaint = compare(told, lines, stored.get(lease), { nowMs, historyUntilMs })
    if (complaint === undefined) continue
    const story = lines.filter(({ atMs }) => told.atMs - atMs < STORY_MS).map(tell)
    broken.push([`${lease}: ${describe(told)}, but ${complaint}; what its clients know:`, ...story].join('\n  '))
  }
  return { checked, broken }
}

function lastWord(lines: readonly LedgerLine[], server: ServerName): ToldLine | undefined {
  return lines.filter((line): line is ToldLine => line.kind === 'told' && line.by === server).at(-1)
}

interface Moments {
  readonly nowMs: number
  /** A little before the last that the server said, and so before it was killed. */
  readonly historyUntilMs: number
}

/** What happened to the lease since the question that this REPLY answers was asked. */
function later(lines: readonly LedgerLine[], told: ToldLine): readonly LedgerLine[] {
  return lines.filter((line) => {
    if (line === told) return false
    if (line.kind === 'asked') return line.order > told.askedOrder && line.transactionId !== told.transactionId
    return line.askedOrder >= told.askedOrder
  })
}

function compare(
  told: ToldLine,
  lines: readonly LedgerLine[],
  binding: StoredBinding | undefined,
  moments: Moments,
): string | undefined {
  const { nowMs } = moments
  if (binding === undefined) return 'the storage has no record of this lease'
  const since = later(lines, told)
  if (told.validSeconds === 0 && hasYielded(told, lines, binding, moments)) return undefined
  const words = [told, ...since.filter((line): line is ToldLine => line.kind === 'told')]
  const asked = since.filter((line): line is AskedLine => line.kind === 'asked')
  const accounts = [
    ...words.map((word) => ofWord(word, binding, nowMs)),
    ...asked.map((line) => ofQuestion(line, binding)),
  ]
  return accounts.includes(undefined) ? undefined : accounts[0]
}

/**
 * The end that was told has been stored, and has then given way to a grant of the other server to the same client, which
 * came shortly before it or crossed it (decision 0021). The storage itself must show both: that this server took the RELEASE
 * (by its lease history, unless it was killed too soon after it), and that it took the partner's word of a grant that we
 * know of.
 */
function hasYielded(told: ToldLine, lines: readonly LedgerLine[], binding: StoredBinding, moments: Moments): boolean {
  const { status, client, releasedAtMs, partnerHeardClientAtMs } = binding
  const { nowMs, historyUntilMs } = moments
  if (status !== 'ACTIVE' || client !== told.client || partnerHeardClientAtMs === undefined) return false
  if ((releasedAtMs ?? 0) < told.askedAtMs && told.atMs < historyUntilMs) return false
  return lines.some((line) => {
    if (line.client !== told.client || told.askedAtMs - line.atMs >= TIE_MS) return false
    const { fromMs, toMs } =
      line.kind === 'told' ? spanOfGrant(line, told, binding, nowMs) : spanOfLostGrant(line, told, lines)
    return partnerHeardClientAtMs >= fromMs - SECOND_MS && partnerHeardClientAtMs <= toMs
  })
}

interface Span {
  readonly fromMs: number
  readonly toMs: number
}

const never: Span = { fromMs: Number.POSITIVE_INFINITY, toMs: 0 }

/** When the other server must have heard the client, if this is its grant and the record has its end. */
function spanOfGrant(line: ToldLine, told: ToldLine, binding: StoredBinding, nowMs: number): Span {
  const isGrant = line.by !== told.by && line.validSeconds > 0
  return isGrant && ofWord(line, binding, nowMs) === undefined ? { fromMs: line.askedAtMs, toMs: line.atMs } : never
}

/** Of a question that the other server did not answer: it was killed, had stored its grant and could not tell it any more. */
function spanOfLostGrant(line: AskedLine, { by }: ToldLine, lines: readonly LedgerLine[]): Span {
  const { message, transactionId, atMs } = line
  const isAnswered = lines.some((each) => {
    return each.kind === 'told' && each.by !== by && each.transactionId === transactionId
  })
  const asksForGrant = message === 'request' || message === 'renew' || message === 'rebind'
  return asksForGrant && !isAnswered ? { fromMs: atMs, toMs: atMs + UNANSWERED_MS } : never
}

/** Undefined: the record is what this REPLY says. */
function ofWord(told: ToldLine, binding: StoredBinding, nowMs: number): string | undefined {
  const { status, client, statusExpiresAtMs = 0 } = binding
  if (told.validSeconds === 0) {
    return status === 'ACTIVE' && client === told.client ? 'it is still ACTIVE for this client' : undefined
  }
  const hasRunOut = told.atMs + told.validSeconds * 1000 <= nowMs
  if (hasRunOut && (status === 'FREE' || status === 'FREE-BACKUP')) return undefined
  if (client !== told.client) return `the record is of ${client ?? 'nobody'}, ${status}`
  const endsAtMs = told.askedAtMs + told.validSeconds * 1000
  if (hasRunOut && status === 'EXPIRED') return undefined
  if (status !== 'ACTIVE') return `it is ${status}`
  return statusExpiresAtMs >= endsAtMs - SECOND_MS
    ? undefined
    : `it ends ${endsAtMs - statusExpiresAtMs} ms too early (${new Date(statusExpiresAtMs).toISOString()})`
}

/** Undefined: the record is what may have become of it when this later question was dealt with, its answer lost by the kill. */
function ofQuestion({ message, client }: AskedLine, binding: StoredBinding): string | undefined {
  const isHis = binding.client === client
  if (message === 'release') return isHis || isFree(binding.status) ? undefined : 'it is not his'
  return isHis && binding.status === 'ACTIVE' ? undefined : 'it is not his'
}

function isFree(status: string): boolean {
  return status !== 'ACTIVE'
}

function tell(line: LedgerLine): string {
  const when = `${new Date(line.atMs).toISOString()} ${line.client}`
  if (line.kind === 'asked') return `${when} asks ${line.message} ${line.transactionId.toString(16)}`
  const { by, answers, transactionId, validSeconds } = line
  return `${when} is told by ${by} (${answers} ${transactionId.toString(16)}): ${validSeconds} s`
}

function describe({ answers, client, atMs, validSeconds, by }: ToldLine): string {
  const what = validSeconds === 0 ? 'has ended it' : `has it for ${validSeconds} s`
  return `${by} told ${client} at ${new Date(atMs).toISOString()} (${answers}) that he ${what}`
}

export interface HeldLease {
  readonly lease: string
  readonly client: Duid
  readonly untilMs: number
}

/** What a client relies on must stand in both tables once both have told each other everything. */
export function checkHeldLeases(
  held: readonly HeldLease[],
  tables: Readonly<Record<ServerName, ReadonlyMap<string, StoredBinding>>>,
): readonly string[] {
  return held.flatMap(({ lease, client, untilMs }) =>
    (['alpha', 'beta'] as const).flatMap((name) => {
      const binding = tables[name].get(lease)
      if (binding?.status !== 'ACTIVE' || binding.client !== client) {
        return [
          `${lease}: ${client} holds it, ${name} has it ${binding?.status ?? 'nowhere'} for ${binding?.client ?? 'nobody'}`,
        ]
      }
      const missingMs = untilMs - (binding.statusExpiresAtMs ?? 0)
      return missingMs > 2 * SECOND_MS
        ? [`${lease}: on ${name} it ends ${missingMs} ms before the client's own end`]
        : []
    }),
  )
}

/** Differences between the two tables, as far as they concern clients: who has what until when, and what is free. */
export function compareTables(
  alpha: ReadonlyMap<string, StoredBinding>,
  beta: ReadonlyMap<string, StoredBinding>,
): readonly string[] {
  const leases = [...new Set([...alpha.keys(), ...beta.keys()])].toSorted()
  return leases.flatMap((lease) => {
    const [here, there] = [account(alpha.get(lease)), account(beta.get(lease))]
    return here === there ? [] : [`${lease}: alpha ${here}, beta ${there}`]
  })
}

/** A lease of which nothing is recorded has never been used, and is the same as one that came back. */
function account(binding: StoredBinding | undefined): string {
  if (binding === undefined) return 'free'
  const { lease, status, client, iaType, iaid, statusExpiresAtMs } = binding
  // The half of an address is told by its last bit, not by its status (RFC 8156 section 4.2.1.1).
  if (status === 'FREE-BACKUP' && lease.includes('/')) return 'free, of the secondary'
  if (status === 'FREE' || status === 'FREE-BACKUP') return 'free'
  const end = statusExpiresAtMs === undefined ? 'without end' : `until ${Math.floor(statusExpiresAtMs / SECOND_MS)}`
  return `${status} ${client ?? '-'} ${iaType ?? '-'} ${iaid ?? '-'} ${end}`
}
