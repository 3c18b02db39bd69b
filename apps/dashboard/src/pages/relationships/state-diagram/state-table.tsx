/** The diagram's twin: the same states, marks and ways as a table. */
import { failoverStates, failoverStateWord } from '@tandem/api-contract'
import type { FailoverState, Relationship } from '@tandem/api-contract'
import { failoverStateMeaning } from '../../../components/failover-state.tsx'
import { TriggerText } from './state-panel.tsx'
import { waysOut } from './ways-out.ts'

export function StateTable({ of }: { readonly of: Relationship }) {
  return (
    <details className="state-table">
      <summary>The diagram as a table</summary>
      <div className="table-frame" role="region" aria-label="States and what leads from each to the next" tabIndex={0}>
        <table className="table table-cards">
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">Who is there</th>
              <th scope="col">What it means</th>
              <th scope="col">Leads to</th>
            </tr>
          </thead>
          <tbody>
            {failoverStates.map((state) => (
              <StateRow key={state} of={of} state={state} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

function StateRow({ of, state }: { readonly of: Relationship; readonly state: FailoverState }) {
  return (
    <tr aria-current={state === of.state ? 'true' : undefined}>
      <th scope="row">{failoverStateWord(state)}</th>
      <td data-name="Who is there">{whoIsThere(of, state)}</td>
      <td data-name="What it means">{failoverStateMeaning(state)}</td>
      <td data-name="Leads to">
        <ul>
          {waysOut(of, state).map(({ to, triggers }) => (
            <li key={to}>
              <strong>{failoverStateWord(to)}</strong>
              <ul className="way-triggers">
                {triggers.map((trigger) => (
                  <li key={`${trigger.words} ${trigger.rule}`}>
                    <TriggerText of={trigger} />
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      </td>
    </tr>
  )
}

function whoIsThere({ serverName, state, partner, partnerName, communicationsOk }: Relationship, row: FailoverState) {
  const there = [
    state === row ? serverName : '',
    partner?.state === row ? `${partnerName}${communicationsOk ? '' : ' (last told)'}` : '',
  ].filter((name) => name !== '')
  return there.length === 0 ? <span className="muted">nobody</span> : there.join(', ')
}
