/** The states this end went through, newest first, each with its cause and the rule that governs it. */
import type { Transition } from '@tandem/api-contract'
import { Icon } from '../ui/icon.tsx'
import { Moment } from '../ui/moment.tsx'
import { FailoverStateBadge } from './failover-state.tsx'

export interface TransitionsTableProps {
  readonly transitions: readonly Transition[]
  /** With several relationships on one page. */
  readonly nameRelationship?: boolean
  readonly brief?: boolean
}

export function TransitionsTable({ transitions, nameRelationship = false, brief = false }: TransitionsTableProps) {
  return (
    <div className="table-frame" role="region" aria-label="Transitions" tabIndex={0}>
      <table className="table table-stacks">
        <thead>
          <tr>
            <th scope="col">When</th>
            {nameRelationship && <th scope="col">Relationship</th>}
            <th scope="col">{brief ? 'New state' : 'From and to'}</th>
            <th scope="col">Cause</th>
            {!brief && <th scope="col">Rule</th>}
          </tr>
        </thead>
        <tbody>
          {transitions.map((transition) => (
            <tr key={transition.id}>
              <th scope="row" className="nowrap">
                <Moment at={transition.at} show={brief ? 'ago' : 'ago-and-clock'} />
              </th>
              {nameRelationship && <td>{transition.relationship}</td>}
              <td className="nowrap">
                {brief ? <FailoverStateBadge state={transition.to} /> : <Change of={transition} />}
              </td>
              <td>
                {transition.cause}
                {transition.operator !== null && !transition.cause.includes(transition.operator) && (
                  <span className="fact-why">by {transition.operator}</span>
                )}
              </td>
              {!brief && <td className="nowrap muted">{transition.rule}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Change({ of: { from, to } }: { readonly of: Transition }) {
  return (
    <span className="row row-whole">
      <FailoverStateBadge state={from} told />
      <Icon name="forward" label="to" />
      <FailoverStateBadge state={to} />
    </span>
  )
}
