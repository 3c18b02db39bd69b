/** Rows that never move under a pointer. */
import { describe, expect, it } from 'vitest'
import { makeLease } from '../../mock-api/leases.ts'
import { changedKeys, rowsNow } from './held-rows.ts'

const first = makeLease(0, 10)
const second = makeLease(1, 10)
const third = makeLease(2, 10)

describe('the rows of a table', () => {
  it('are the newest ones while nobody points at them', () => {
    expect(rowsNow([first], [third, first], false)).toEqual({ leases: [third, first], waiting: 0, gone: new Set() })
  })

  it('stay in their places while held: values change, newcomers wait, the gone are marked', () => {
    const renewed = { ...second, stateExpiresAt: '2030-01-01T00:00:00.000Z' }
    const rows = rowsNow([first, second], [third, renewed], true)
    expect(rows.leases).toEqual([first, renewed])
    expect(rows.waiting).toBe(1)
    expect([...rows.gone]).toEqual([first.key])
  })
})

describe('a fresh row', () => {
  it('is new, or has another state or end', () => {
    const ended = { ...second, state: 'released' as const, stateExpiresAt: null }
    expect(changedKeys([first, second], [first, ended, third])).toEqual([second.key, third.key])
  })
})
