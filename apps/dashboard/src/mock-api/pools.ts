/** Pools from a small one to one of 2^64. */
import type { Pool, PoolList } from '@tandem/api-contract'
import { now } from './times.ts'

const pools: readonly Pool[] = [
  {
    id: '2001:db8:1::1000-2001:db8:1::1fff',
    subnetId: 'offices',
    kind: 'address',
    relationship: 'demo',
    delegatedLength: null,
    total: '4096',
    leased: '1204',
    ownFree: '1418',
    partnerFree: '1431',
    quarantined: '6',
    waiting: '37',
    reserved: '0',
  },
  {
    id: '2001:db8:2::-2001:db8:2::ffff:ffff:ffff:ffff',
    subnetId: 'labs',
    kind: 'address',
    relationship: 'demo',
    delegatedLength: null,
    total: '18446744073709551616',
    leased: '310',
    ownFree: '9223372036854775590',
    partnerFree: '9223372036854775707',
    quarantined: '0',
    waiting: '9',
    reserved: '0',
  },
  {
    id: '2001:db8:8000::/36-56',
    subnetId: 'offices',
    kind: 'prefix',
    relationship: 'demo',
    delegatedLength: 56,
    total: '1048576',
    leased: '96',
    ownFree: '524236',
    partnerFree: '524240',
    quarantined: '0',
    waiting: '4',
    reserved: '0',
  },
]

export function poolsWith(leased: number): PoolList {
  return {
    items: pools.map((pool, index) => (index === 0 ? { ...pool, leased: String(leased) } : pool)),
    commitNumber: '48213',
    publishedAt: now(),
  }
}

export const noPools = (): PoolList => ({ items: [], commitNumber: '1', publishedAt: now() })
