/** The tail of lease changes: held, let go, cut off, searched. */
import { describe, expect, it } from 'vitest'
import { makeLease } from '../../mock-api/leases.ts'
import { emptyTail, heardInTail, rowsThatFit, TAIL_ROWS_MAX } from './lease-tail.ts'
import type { TailRow } from './lease-tail.ts'

const first = makeLease(0, 0)
const second = makeLease(12, 0)
const at = '2026-11-27T00:00:00.000Z'

function row(number: number, lease = first): TailRow {
  return { number, at, change: { kind: 'lease-changed', lease, from: 'free', cause: 'client' } }
}
const gap = (number: number): TailRow => ({ number, change: undefined })
const numbers = (rows: readonly TailRow[]): readonly number[] => rows.map(({ number }) => number)

describe('the tail of lease changes', () => {
  it('shows what comes, newest first, and no more than it keeps', () => {
    const tail = heardInTail(heardInTail(emptyTail, [row(1)], false), [row(3), row(2)], false)
    expect(numbers(tail.shown)).toEqual([3, 2, 1])
    const many = Array.from({ length: TAIL_ROWS_MAX }, (_, index) => row(1000 - index))
    expect(numbers(heardInTail(tail, many, false).shown)).toEqual(numbers(many))
  })

  it('moves nothing while it is held, and shows all of it afterwards', () => {
    const shown = heardInTail(emptyTail, [row(1)], false)
    const held = heardInTail(heardInTail(shown, [row(2)], true), [row(3)], true)
    expect(numbers(held.shown)).toEqual([1])
    expect(numbers(held.waiting)).toEqual([3, 2])
    expect(heardInTail(held, [], false)).toEqual({ shown: [row(3), row(2), row(1)], waiting: [], dropped: 0 })
  })

  it('counts what it could not keep while it was held', () => {
    const many = Array.from({ length: TAIL_ROWS_MAX + 20 }, (_, index) => row(2000 - index))
    const held = heardInTail(emptyTail, many, true)
    expect(held.waiting).toHaveLength(TAIL_ROWS_MAX)
    expect(held.dropped).toBe(20)
    expect(heardInTail(held, [row(3000)], true, 7).dropped).toBe(28)
  })

  it('finds by a part of address, client, host name or subnet, and keeps gaps, but not two in a row', () => {
    const rows = [row(5, second), gap(4), row(3), gap(2), row(1, second)]
    expect(numbers(rowsThatFit(rows, ''))).toEqual([5, 4, 3, 2, 1])
    expect(numbers(rowsThatFit(rows, ` ${second.lease.toUpperCase()} `))).toEqual([5, 4, 1])
    expect(numbers(rowsThatFit(rows, second.client?.duid.slice(4) ?? ''))).toEqual([5, 4, 1])
    expect(numbers(rowsThatFit(rows, 'nobody has this'))).toEqual([4])
  })
})
