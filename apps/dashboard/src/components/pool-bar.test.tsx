/** The bar of a pool: every lease has its part, and what is kept for a reservation looks neither free nor taken. */
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { poolsWith } from '../mock-api/pools.ts'
import { PoolBar } from './pool-bar.tsx'
import { poolParts } from './pool-patterns.tsx'

const [pool] = poolsWith(1204).items
if (pool === undefined) throw new Error('the fixtures have pools')

it('has parts that add up to the whole pool', () => {
  const sum = poolParts.reduce((all, { part }) => all + BigInt(pool[part]), 0n)
  expect(sum.toString()).toBe(pool.total)
})

it('draws and names what is reserved, with a pattern of its own', () => {
  const drawn = renderToStaticMarkup(<PoolBar pool={pool} />)
  expect(drawn).toContain('Partner’s free 1,414, Reserved 34')
  expect(drawn).toMatch(/<rect[^>]* width="0\.8%"[^>]*fill="url\(#[^)]*-reserved\)"/u)
  expect(renderToStaticMarkup(<PoolBar pool={{ ...pool, reserved: '0' }} />)).not.toContain('Reserved 0')
})
