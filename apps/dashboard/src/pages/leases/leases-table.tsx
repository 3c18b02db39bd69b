/** One row for each lease; its columns become lines where the screen is narrow. */
import type { Lease, LeaseComparison } from '@tandem/api-contract'
import { Link } from 'react-router'
import { leaseKindWords, LeaseStateBadge } from '../../components/lease-state.tsx'
import { paths } from '../../paths.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Badge } from '../../ui/notice.tsx'
import { markOf } from './comparison-words.ts'

export interface LeasesTableProps {
  readonly leases: readonly Lease[]
  /** Says since when each is in its state: they are in the order of it. */
  readonly withSince: boolean
  readonly fresh: ReadonlySet<string>
  readonly gone: ReadonlySet<string>
  /** By the keys of the leases. */
  readonly compared: ReadonlyMap<string, LeaseComparison>
}

export function LeasesTable({ leases, withSince, fresh, gone, compared }: LeasesTableProps) {
  return (
    <div className="table-frame" role="region" aria-label="Leases" tabIndex={0}>
      <table className="table leases-table">
        <thead>
          <tr>
            <th scope="col">Address or prefix</th>
            <th scope="col">State</th>
            <th scope="col">Ends</th>
            <th scope="col">Client DUID</th>
            <th scope="col">Subnet</th>
            <th scope="col">Partner</th>
          </tr>
        </thead>
        <tbody>
          {leases.map((lease) => (
            <LeaseRow
              key={lease.key}
              lease={lease}
              withSince={withSince}
              fresh={fresh.has(lease.key)}
              gone={gone.has(lease.key)}
              comparison={compared.get(lease.key)}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface LeaseRowProps {
  readonly lease: Lease
  readonly withSince: boolean
  readonly fresh: boolean
  readonly gone: boolean
  readonly comparison: LeaseComparison | undefined
}

function LeaseRow({ lease, withSince, fresh, gone, comparison }: LeaseRowProps) {
  const { client, stateExpiresAt } = lease
  return (
    <tr data-fresh={fresh ? '' : undefined} data-gone={gone ? '' : undefined}>
      <th scope="row">
        <span className="with-copy">
          <Link to={paths.lease(lease.lease)} className="mono">
            {lease.lease}
          </Link>
          <CopyButton text={lease.lease} what={leaseKindWords[lease.kind].toLowerCase()} />
        </span>
      </th>
      <td>
        <LeaseStateBadge state={lease.state} />
        {withSince && (
          <span className="fact-why">
            since <Moment at={lease.stateSince} show="ago" />
          </span>
        )}
      </td>
      <td data-name="Ends" className="nowrap">
        {stateExpiresAt === null ? (
          <span className="muted">–</span>
        ) : (
          <Moment at={stateExpiresAt} show="until-and-clock" />
        )}
      </td>
      <td data-name="Client">
        {client === null ? (
          <span className="muted">–</span>
        ) : (
          <span className="with-copy">
            <Link to={paths.leasesOfClient(client.duid)} className="mono duid" title={client.duid}>
              {client.duid}
            </Link>
            <CopyButton text={client.duid} what="DUID" />
          </span>
        )}
      </td>
      <td data-name="Subnet">{lease.subnetId}</td>
      <td data-name="Partner" className="nowrap">
        <PartnerMark of={lease} comparison={comparison} />
      </td>
    </tr>
  )
}

interface PartnerMarkProps {
  readonly of: Lease
  readonly comparison: LeaseComparison | undefined
}

function PartnerMark({ of: lease, comparison }: PartnerMarkProps) {
  const { icon, text, title, stands } = markOf(lease, comparison)
  if (stands) {
    return (
      <Link to={paths.lease(lease.lease)} aria-label={`The partner’s record of ${lease.lease}: ${text}`}>
        <Badge tone="degraded" title={title ?? ''}>
          {text}
        </Badge>
      </Link>
    )
  }
  return (
    <span className="row muted" title={title}>
      {icon !== undefined && <Icon name={icon} />} {text}
    </span>
  )
}
