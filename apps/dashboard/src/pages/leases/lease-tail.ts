/** Changes of leases as they come, newest first: what is shown, what waits while it is held, and what was too much. */
import type { LeaseChanged } from '../../api/live.tsx'

export interface TailChange {
  readonly number: number
  readonly at: string
  readonly change: LeaseChanged
}

/** Where changes went by unseen. */
export interface TailGap {
  readonly number: number
  readonly change: undefined
}

export type TailRow = TailChange | TailGap

export interface Tail {
  readonly shown: readonly TailRow[]
  /** Came while the list was held. */
  readonly waiting: readonly TailRow[]
  /** Of the waiting ones that are not kept any more. */
  readonly dropped: number
}

export const TAIL_ROWS_MAX = 500

export const emptyTail: Tail = { shown: [], waiting: [], dropped: 0 }

/** `newest`: newest first; `lost`: came before them and were too many to gather. */
export function heardInTail(tail: Tail, newest: readonly TailRow[], isHeld: boolean, lost = 0): Tail {
  const waiting = [...newest, ...tail.waiting]
  if (!isHeld) return { shown: cut([...waiting, ...tail.shown]), waiting: [], dropped: 0 }
  return { ...tail, waiting: cut(waiting), dropped: tail.dropped + lost + Math.max(0, waiting.length - TAIL_ROWS_MAX) }
}

function cut(rows: readonly TailRow[]): readonly TailRow[] {
  return rows.slice(0, TAIL_ROWS_MAX)
}

/** Gaps are shown whatever is looked for; two of them with nothing between are one. */
export function rowsThatFit(rows: readonly TailRow[], text: string): readonly TailRow[] {
  const wanted = text.trim().toLowerCase()
  return rows
    .filter((row) => row.change === undefined || wanted === '' || wordsOf(row.change).includes(wanted))
    .filter((row, index, kept) => row.change !== undefined || index === 0 || kept[index - 1]?.change !== undefined)
}

function wordsOf({ lease: { lease, client, clientHostName, subnetId } }: LeaseChanged): string {
  return [lease, client?.duid, clientHostName, subnetId].join(' ').toLowerCase()
}
