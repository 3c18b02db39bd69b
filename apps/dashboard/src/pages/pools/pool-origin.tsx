/** What a pool gives, where, and with whom. */
import type { Pool } from '@tandem/api-contract'
import { Link } from 'react-router'
import { leaseKindWords } from '../../components/lease-state.tsx'
import { paths } from '../../paths.ts'

export function PoolOrigin({ of: pool }: { readonly of: Pool }) {
  return (
    <>
      {leaseKindWords[pool.kind]}es
      {pool.delegatedLength === null ? '' : ` of length /${pool.delegatedLength}`} ·{' '}
      <Link to={paths.leasesOfSubnet(pool.subnetId)}>{pool.subnetId}</Link> ·{' '}
      {pool.relationship === null ? (
        'this server alone'
      ) : (
        <Link to={paths.relationship(pool.relationship)}>{pool.relationship}</Link>
      )}
    </>
  )
}
