/** Every cell that a run has to reach, read off the tables and registries that the product itself runs with. */
import type { BindingStatus } from '@tandem/engine'
import { columnOf, conflictTable, onPartnerState, rowOf } from '@tandem/engine/simulation'
import { isFailoverMessageType, MessageType, messageTypeName, StatusCode, statusCodeName } from '@tandem/protocol'
import { faults } from '../faults/faults.ts'

export type Outcome = 'accepted' | 'refused'

/** `area: what`, as it is counted. */
export type Cell = string

const ROLES = ['primary', 'secondary'] as const
const OUTCOMES: readonly Outcome[] = ['accepted', 'refused']
const FATES_OF_DATAGRAMS = ['lost', 'doubled', 'late'] as const
/** TCP keeps order and loses nothing by itself: what can befall a message there is the end or the delay of its connection. */
const FATES_IN_STREAMS = ['lost with their connection', 'sent again after a reconnect', 'late'] as const

export function matrixCell(server: string, own: string, partner: string): Cell {
  return `state matrix, ${server}: ${own} hears ${partner}`
}

/** `before`: undefined where there was no record, which is no row of Figure 4. */
export function conflictCell(before: BindingStatus | undefined, told: string, outcome: Outcome): Cell {
  const row = before === undefined ? 'no record' : rowOf(before)
  return `conflict table: ${row} hears ${columnNameOf(toldColumn(told))} ${outcome}`
}

export function faultCell(fault: string, state: string): Cell {
  return `faults by state: ${fault} in ${state}`
}

export function expectedCells(): readonly Cell[] {
  return [...matrix(), ...conflicts(), ...faultsByState(), ...statusCodes(), ...datagrams(), ...streams(), ...drains()]
}

function matrix(): readonly Cell[] {
  return ROLES.flatMap((role) =>
    Object.entries(onPartnerState).flatMap(([own, row]) =>
      Object.keys(row).map((partner) => matrixCell(role, own, partner)),
    ),
  )
}

/** Figure 4 of RFC 8156 joins some statuses in one row or column. */
function conflicts(): readonly Cell[] {
  return Object.entries(conflictTable).flatMap(([row, columns]) =>
    Object.keys(columns).flatMap((column) =>
      OUTCOMES.map((outcome) => `conflict table: ${row} hears ${columnNameOf(column)} ${outcome}`),
    ),
  )
}

function faultsByState(): readonly Cell[] {
  return faults.flatMap(({ name }) => Object.keys(onPartnerState).map((state) => faultCell(name, state)))
}

/** What becomes of clients while pools are drained (decision 0117). */
const FATES_IN_DRAINED_POOLS = [
  'kept for the rest',
  'another lease beside it',
  'renewed in full when it is over',
] as const

export function drainCell(what: (typeof FATES_IN_DRAINED_POOLS)[number]): Cell {
  return `drained pools: ${what}`
}

function drains(): readonly Cell[] {
  return FATES_IN_DRAINED_POOLS.map(drainCell)
}

function statusCodes(): readonly Cell[] {
  return Object.values(StatusCode).map((code) => `status codes sent: ${statusCodeName(code)}`)
}

/** Relays wrap these; what befalls the envelope befalls what is inside. */
function datagrams(): readonly Cell[] {
  const types = Object.values(MessageType).filter((type) => type <= MessageType.InformationRequest)
  return FATES_OF_DATAGRAMS.flatMap((fate) => types.map((type) => `datagrams ${fate}: ${messageTypeName(type)}`))
}

/** STARTTLS and its REPLY come before the messages of RFC 8156 (RFC 7653 section 6.2.2). */
function streams(): readonly Cell[] {
  const types = Object.values(MessageType).filter(
    (type) => isFailoverMessageType(type) || type === MessageType.StartTls || type === MessageType.Reply,
  )
  return FATES_IN_STREAMS.flatMap((fate) => types.map((type) => `stream messages ${fate}: ${messageTypeName(type)}`))
}

/** PENDING-FREE is what it becomes (digest A35); the partner's word for a free lease says only whose it is. */
function toldColumn(told: string): string {
  return told === 'PENDING-FREE' ? 'available' : columnOf(told as BindingStatus)
}

function columnNameOf(column: string): string {
  return column === 'withdrawn' ? 'RESET or ABANDONED' : column
}
