/** Recorded decisions, newest first, each with its rule and what it was taken from. */
import type { Decision } from '@tandem/api-contract'
import { Link } from 'react-router'
import { groupedDigits } from '../../components/count-words.ts'
import { paths } from '../../paths.ts'
import { Moment } from '../../ui/moment.tsx'
import { Badge } from '../../ui/notice.tsx'
import { decisionKindWords, inputInWords, reasonInWords } from './decision-words.ts'
import './decisions.css'

export function DecisionsTable({ decisions }: { readonly decisions: readonly Decision[] }) {
  return (
    <div className="table-frame" role="region" aria-label="Decisions" tabIndex={0}>
      <table className="table table-cards decisions-table">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col">About</th>
            <th scope="col">Why</th>
            <th scope="col">Rule</th>
          </tr>
        </thead>
        <tbody>
          {decisions.map((decision) => (
            <tr key={decision.id}>
              <th scope="row">
                <Moment at={decision.at} show="ago-and-clock" />
                <Times of={decision} />
              </th>
              <td data-name="What">
                <span>
                  <Badge tone={decision.kind === 'no-answer' ? 'idle' : 'degraded'}>
                    {decisionKindWords[decision.kind]}
                  </Badge>
                  {decision.messageType !== null && <span className="fact-why">{decision.messageType}</span>}
                </span>
              </td>
              <td data-name="About">
                <About of={decision} />
              </td>
              <td data-name="Why">
                <Why of={decision} />
              </td>
              <td data-name="Rule" className="muted">
                {decision.rule}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface DecisionProps {
  readonly of: Decision
}

function Times({ of: { count, firstAt } }: DecisionProps) {
  if (count === '1') return null
  return (
    <span className="fact-why">
      {groupedDigits(count)} alike since <Moment at={firstAt} show="clock" />
    </span>
  )
}

function About({ of: { lease, clientDuid, subnetId, relationship, count } }: DecisionProps) {
  return (
    <ul className="decision-about">
      {lease !== null && (
        <li>
          Lease{' '}
          <Link to={paths.lease(lease)} className="mono">
            {lease}
          </Link>
        </li>
      )}
      {clientDuid !== null && (
        <li>
          {count === '1' ? 'Client' : 'Client, for example'}{' '}
          <Link to={paths.leasesOfClient(clientDuid)} className="mono">
            {clientDuid}
          </Link>
        </li>
      )}
      {subnetId !== null && (
        <li>
          Subnet <Link to={paths.leasesOfSubnet(subnetId)}>{subnetId}</Link>
        </li>
      )}
      {relationship !== null && (
        <li>
          Relationship <Link to={paths.relationship(relationship)}>{relationship}</Link>
        </li>
      )}
    </ul>
  )
}

function Why({ of: { reason, detail, inputs } }: DecisionProps) {
  const known = Object.entries(inputs)
  return (
    <div>
      {reasonInWords(reason)}
      {detail !== '' && <span className="fact-why">{detail}</span>}
      {known.length > 0 && (
        <details className="decision-inputs">
          <summary>Decided from</summary>
          <dl>
            {known.map(([name, value]) => (
              <div key={name}>
                <dt>{inputInWords(name)}</dt>
                <dd>{String(value)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  )
}
