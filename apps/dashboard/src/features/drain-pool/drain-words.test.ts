/** What the dialog says before a pool is drained, and when the two servers are said to differ. */
import { routeExamples, type Pool } from '@tandem/api-contract'
import { expect, it } from 'vitest'
import { drainWords, partnerDiffers } from './drain-words.ts'

const drained: Pool = routeExamples.drainPool.answer
const pool: Pool = routeExamples.stopDraining.answer
const other: Pool = { ...pool, id: 'another' }

const linesOf = (...pools: readonly Pool[]): readonly string[] =>
  drainWords('drainPool', pool, { pools, partnerName: 'beta' }).follows

it('names the pools that new clients are sent to, and warns where there is none', () => {
  expect(linesOf(pool, other)[0]).toBe('New clients get addresses of another instead.')
  for (const useless of [
    { ...other, kind: 'prefix' } as const,
    { ...other, subnetId: 'elsewhere' },
    { ...other, draining: drained.draining },
  ]) {
    expect(linesOf(pool, useless)[0]).toMatch(/^offices has no other pool of addresses: new clients get none/)
  }
})

it('says how many leases run out, and that the partner has to be told', () => {
  expect(linesOf(pool)[1]).toMatch(/^4,711 leases are in use/)
  expect(linesOf(pool).at(-1)).toMatch(/drain it on beta too/)
  const alone = { pools: [pool], partnerName: undefined }
  expect(drainWords('drainPool', { ...pool, leased: '0' }, alone).follows[1]).toBe('No lease of it is in use.')
  expect(drainWords('drainPool', pool, alone).follows.at(-1)).not.toMatch(/beta|Of this server only/)
  expect(drainWords('stopDraining', pool, alone).follows).toHaveLength(2)
})

it('says where the two differ', () => {
  const { draining } = drained
  const cases = [
    [{ draining: null, partnerDraining: false }, undefined],
    [{ draining, partnerDraining: true }, undefined],
    [{ draining, partnerDraining: false }, 'only-here'],
    [{ draining: null, partnerDraining: true }, 'only-partner'],
    [{ draining, partnerDraining: null }, 'unknown'],
    [{ draining: null, partnerDraining: null }, undefined],
    [{ draining, partnerDraining: null, relationship: null }, undefined],
  ] as const
  for (const [changes, expected] of cases) expect(partnerDiffers({ ...pool, ...changes })).toBe(expected)
})
