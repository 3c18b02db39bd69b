/** When pools on the first screen may change places. */
import type { Pool } from '@tandem/api-contract'
import { expect, it } from 'vitest'
import { poolsWith } from '../../mock-api/pools.ts'
import { reasonToOrder } from './use-steady-order.ts'

function pool(id: string, leased: string, at: string | null): Pool {
  const [template] = poolsWith(7).items
  if (template === undefined) throw new Error('there is always one')
  const present = { ...template.forecast.present, outcome: at === null ? 'not-at-this-rate' : 'runs-out', at } as const
  return { ...template, id, leased, total: '100', forecast: { ...template.forecast, present } }
}

const soon = '2026-11-21T10:00:00Z'
const sooner = '2026-11-21T09:00:00Z'

it('is another one where another pool runs out first, or one comes or goes', () => {
  const before = reasonToOrder([pool('a', '10', soon), pool('b', '20', null)])
  expect(reasonToOrder([pool('a', '10', soon), pool('b', '20', sooner)])).not.toBe(before)
  expect(reasonToOrder([pool('a', '10', null), pool('b', '20', null)])).not.toBe(before)
  expect(reasonToOrder([pool('a', '10', soon)])).not.toBe(before)
})

it('is the same while leases come and go', () => {
  const before = reasonToOrder([pool('a', '10', soon), pool('b', '20', null)])
  expect(reasonToOrder([pool('a', '90', soon), pool('b', '5', null)])).toBe(before)
  expect(reasonToOrder([pool('a', '90', sooner), pool('b', '5', null)])).toBe(before)
})
