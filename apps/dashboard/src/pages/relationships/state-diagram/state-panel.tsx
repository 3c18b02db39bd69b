/** What the state that is looked at means, and where it may lead: each way with what brings it about and by which rule. */
import { failoverStateWord } from '@tandem/api-contract'
import type { FailoverState, Relationship } from '@tandem/api-contract'
import { FailoverStateBadge, failoverStateMeaning } from '../../../components/failover-state.tsx'
import { Button } from '../../../ui/button.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { rulesWords } from './rules-words.ts'
import { waysOut } from './ways-out.ts'
import type { Trigger } from './ways-out.ts'

export interface StatePanelProps {
  readonly id: string
  readonly of: Relationship
  readonly state: FailoverState
  readonly backToPresent: () => void
}

export function StatePanel({ id, of, state, backToPresent }: StatePanelProps) {
  const isPresent = state === of.state
  const { communicationsOk, partner, partnerName, serverName } = of
  return (
    <div className="state-panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${state}`} tabIndex={0}>
      <div className="row">
        <FailoverStateBadge state={state} />
        <span className="small muted">
          {isPresent ? `${serverName} is here` : `${serverName} is not here`}
          {partner?.state === state && ` · ${partnerName} ${communicationsOk ? 'is here' : 'was here last'}`}
        </span>
        {!isPresent && (
          <Button size="small" onPress={backToPresent}>
            Back to {failoverStateWord(of.state)}
          </Button>
        )}
      </div>
      <p className="small">
        {failoverStateMeaning(state)}. {rulesWords(state, of)}
      </p>
      <h3>{isPresent ? 'From here' : 'From there'}</h3>
      <ul className="ways">
        {waysOut(of, state).map(({ to, triggers }) => (
          <li key={to} className="way">
            <Icon name="forward" label="to" />
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
    </div>
  )
}

export function TriggerText({ of: { words, rule, at, remark } }: { readonly of: Trigger }) {
  return (
    <>
      when {words} <span className="muted nowrap">({rule})</span>
      {at !== null && (
        <span className="way-clock">
          <Icon name="waiting" /> <Moment at={at} show="until-and-clock" />
        </span>
      )}
      {remark !== null && <span className="fact-why">{remark}</span>}
    </>
  )
}
