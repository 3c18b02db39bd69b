/** A commit as one line of text and back: what the commit log holds (decision 0087). */
import { keyOf, type Binding, type BindingKey } from '@tandem/engine'
import { BINDING_COLUMNS, bindingToJsonRow, withOctets } from '../binding-row.ts'
import type { Commit } from '../commit.ts'
import {
  AUDIT_COLUMNS,
  changesOf,
  endpointRows,
  numberFacts,
  TRANSITION_COLUMNS,
  type CommitRows,
  type Row,
} from '../commit-rows.ts'
import { ENDPOINT_COLUMNS, HANDED_OVER_COLUMNS } from '../endpoint-row.ts'
import { leaseEventRow } from '../lease-event-row.ts'
import type { SqlValue } from '../sql-value.ts'

export interface CommitText {
  readonly number: number
  readonly runningUntilMs: number
  /** What operators read right after it, and what is seldom: whoever hears of the commit finds it in the tables. */
  readonly isToBeTold: boolean
  /** JSON in one line. */
  readonly text: string
}

/** Throws a TypeError where a value is none that a database takes: nothing that is promised may be unreadable later. */
export function commitToText(commit: Commit): CommitText {
  const { bindings, endpoints, facts, transitions, audits } = changesOf(commit)
  const rows = {
    number: commit.number,
    bindings: [...bindings.values()].map((binding) =>
      storable(bindingToJsonRow(binding, commit.number), BINDING_COLUMNS),
    ),
    ...(commit.leaseEvents === undefined ? {} : { events: eventsToText(commit, bindings) }),
    endpoints: endpointRows(endpoints, commit.number).map((row) => storable(row, ENDPOINT_COLUMNS)),
    transitions: transitions.map((row) => storable(row, TRANSITION_COLUMNS)),
    audits: audits.map((row) => storable(row, AUDIT_COLUMNS)),
    facts: [...facts],
    numbers: numberFacts(commit),
  }
  return {
    number: commit.number,
    runningUntilMs: commit.runningUntilMs,
    isToBeTold: transitions.length + audits.length + facts.size > 0,
    text: JSON.stringify(rows),
  }
}

/** Rows as the database takes them, and apart what only the last of several commits says. */
export interface LoggedCommit extends Omit<CommitRows, 'facts'> {
  readonly number: number
  readonly facts: readonly (readonly [string, string])[]
  readonly numbers: readonly (readonly [string, string])[]
}

export function commitFromText(text: string): LoggedCommit {
  const parsed: unknown = JSON.parse(text)
  if (!isLogged(parsed)) throw new Error(`the commit log holds ${text.slice(0, 100)} where a commit stands`)
  const { events = [], ...logged } = parsed
  const bindings = logged.bindings.map(withOctets)
  return {
    ...logged,
    bindings,
    leaseEvents: events.map((event, sequence) => eventFromText(event, { number: logged.number, sequence, bindings })),
    endpoints: logged.endpoints.map(withHandedOver),
  }
}

/** Which, why, when, and the lease: the place of its row in `bindings`, or a row of its own where it changed again in this commit. */
type EventText = readonly [event: string, reason: string, atMs: number, binding: number | SqlValue[]]

function eventsToText(
  { number, leaseEvents = [] }: Commit,
  bindings: ReadonlyMap<BindingKey, Binding>,
): readonly EventText[] {
  const places = new Map([...bindings.keys()].map((key, place) => [key, place]))
  return leaseEvents.map(({ event, reason, atMs, binding }) => {
    const key = keyOf(binding)
    const place = bindings.get(key) === binding ? places.get(key) : undefined
    return [event, reason, atMs, place ?? [...storable(bindingToJsonRow(binding, number), BINDING_COLUMNS)]]
  })
}

function eventFromText(
  [event, reason, atMs, binding]: EventText,
  {
    number,
    sequence,
    bindings,
  }: { readonly number: number; readonly sequence: number; readonly bindings: readonly Row[] },
): Row {
  const row = typeof binding === 'number' ? bindings[binding] : withOctets(binding)
  if (row === undefined) throw new Error(`the commit log names a lease in commit ${number} that does not stand there`)
  return leaseEventRow({ commitNumber: number, sequence, atMs, event, reason }, row)
}

/** Of a log that was written before endpoints could be handed over: they are not (decision 0089). */
function withHandedOver(row: Row): Row {
  if (row.length === ENDPOINT_COLUMNS.length) return row
  return [...row.slice(0, -1), ...HANDED_OVER_COLUMNS.map(() => null), ...row.slice(-1)]
}

interface Logged extends Omit<LoggedCommit, 'leaseEvents'> {
  readonly bindings: readonly SqlValue[][]
  /** Absent where there are none, and in a log that was written before there were any. */
  readonly events?: readonly EventText[]
}

/** Its checksum says that it is as `commitToText` wrote it. */
function isLogged(value: unknown): value is Logged {
  return typeof value === 'object' && value !== null && 'number' in value && 'bindings' in value && 'numbers' in value
}

function storable<Values extends Row>(row: Values, columns: readonly string[]): Values {
  for (const [index, value] of row.entries()) {
    if (typeof value === 'number' ? !Number.isFinite(value) : value === undefined || typeof value === 'bigint') {
      throw new TypeError(`${columns[index]} is ${String(value)}, which no storage takes`)
    }
  }
  return row
}
