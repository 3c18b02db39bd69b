/** One line for each change of a lease; its columns become lines where the screen is narrow. */
import { Link } from 'react-router'
import { leaseChangeCauseWords } from '../../components/lease-change-words.ts'
import { LeaseStateBadge } from '../../components/lease-state.tsx'
import { paths } from '../../paths.ts'
import { Icon } from '../../ui/icon.tsx'
import { Moment } from '../../ui/moment.tsx'
import type { TailChange, TailRow } from './lease-tail.ts'

export function LeaseTailTable({ rows }: { readonly rows: readonly TailRow[] }) {
  return (
    <div className="table-frame" role="region" aria-label="Changes of leases, newest first" tabIndex={0}>
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Address or prefix</th>
            <th scope="col">From and to</th>
            <th scope="col">Client</th>
            <th scope="col">Subnet</th>
            <th scope="col">Cause</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) =>
            row.change === undefined ? (
              <tr key={row.number}>
                <td colSpan={6} className="muted">
                  Changes may be missing here: the connection was lost, or more came than could be shown.
                </td>
              </tr>
            ) : (
              <ChangeRow key={row.number} row={row} />
            ),
          )}
        </tbody>
      </table>
    </div>
  )
}

function ChangeRow({ row: { at, change } }: { readonly row: TailChange }) {
  const { lease, from, cause } = change
  return (
    <tr>
      <td data-name="When" className="nowrap">
        <Moment at={at} show="clock" />
      </td>
      <th scope="row">
        <Link to={paths.lease(lease.lease)} className="mono">
          {lease.lease}
        </Link>
      </th>
      <td data-name="From and to">
        <span className="row row-whole">
          {from === null ? <span className="muted">no record</span> : <LeaseStateBadge state={from} />}
          <Icon name="forward" label="to" />
          <LeaseStateBadge state={lease.state} />
        </span>
      </td>
      <td data-name="Client">
        {lease.client === null ? (
          <span className="muted">nobody</span>
        ) : (
          <>
            {lease.clientHostName !== null && <div>{lease.clientHostName}</div>}
            <Link to={paths.leasesOfClient(lease.client.duid)} className="mono lease-client">
              {lease.client.duid}
            </Link>
          </>
        )}
      </td>
      <td data-name="Subnet">{lease.subnetId}</td>
      <td data-name="Cause">{leaseChangeCauseWords[cause]}</td>
    </tr>
  )
}
