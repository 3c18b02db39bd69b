/** The bar of the product: less than 400 octets a lease, whatever is remembered of it. */
import { describe, expect, test } from 'vitest'
import { leaseSorts } from './lease-sorts.ts'
import { measureLeases } from './measure-leases.ts'

const LEASES = 30_000

describe.each(leaseSorts)('a lease: $name', (sort) => {
  test('needs less than 400 octets', () => {
    measureLeases(sort, 100)
    const { heapOctetsPerLease, bufferOctetsPerLease } = measureLeases(sort, LEASES)
    expect(bufferOctetsPerLease).toBeGreaterThan(100)
    expect(heapOctetsPerLease + bufferOctetsPerLease).toBeLessThan(400)
  })
})
