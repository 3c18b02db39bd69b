/** All pools at a glance: a name, what is leased, a bar. */
import type { Pool } from '@tandem/api-contract'
import { shareWords } from './count-words.ts'
import { CountText } from './count.tsx'
import { leaseKindWords } from './lease-state.tsx'
import { PoolBar } from './pool-bar.tsx'

export function PoolLines({ pools }: { readonly pools: readonly Pool[] }) {
  return (
    <ul className="pool-lines">
      {pools.map((pool) => (
        <li key={pool.id} className="pool-line">
          <div className="pool-line-head">
            <span>
              {leaseKindWords[pool.kind]}es <strong>{pool.subnetId}</strong>
            </span>
            <span className="muted">
              <span className="only-heard">leased </span>
              <strong>
                <CountText count={pool.leased} />
              </strong>{' '}
              of <CountText count={pool.total} /> · {shareWords(pool.leased, pool.total)}
            </span>
          </div>
          <PoolBar pool={pool} />
        </li>
      ))}
    </ul>
  )
}
