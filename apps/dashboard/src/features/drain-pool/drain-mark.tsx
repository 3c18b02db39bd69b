/** That a pool is drained, here or by the partner, and how far it is: nothing where new clients get leases of it. */
import type { Pool, PoolDraining } from '@tandem/api-contract'
import { CountText } from '../../components/count.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Badge } from '../../ui/notice.tsx'
import { partnerDiffers } from './drain-words.ts'
import './drain-pool.css'

export function DrainMark({ of: pool }: { readonly of: Pool }) {
  const { draining } = pool
  const differs = partnerDiffers(pool)
  if (draining === null && differs === undefined) return null
  return (
    <span className="drain-mark">
      {draining !== null && (
        <>
          <Badge tone="accent" icon="waiting" title="New clients get no lease of it, and none is extended">
            Draining
          </Badge>
          <span className="small">
            <CountToEmpty of={draining} />
          </span>
        </>
      )}
      {differs === 'only-here' && (
        <Badge tone="degraded" title="The partner gives and extends leases of it">
          Partner does not drain it
        </Badge>
      )}
      {differs === 'only-partner' && (
        <Badge tone="degraded" title="This server gives and extends leases of it">
          Only the partner drains it
        </Badge>
      )}
    </span>
  )
}

export function CountToEmpty({ of: { leasesLeft, emptyBy } }: { readonly of: PoolDraining }) {
  if (emptyBy === null) return <>empty</>
  return (
    <>
      <CountText count={leasesLeft} /> left, empty <Moment at={emptyBy} show="roughly-until" /> at the latest
    </>
  )
}
