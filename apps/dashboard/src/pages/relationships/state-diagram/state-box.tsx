/** One state in the diagram: a tab that shows what leads out of it. */
import { failoverStateWord } from '@tandem/api-contract'
import type { FailoverState, Relationship } from '@tandem/api-contract'
import { failoverStateIcon, failoverStateTone } from '../../../components/failover-state.tsx'
import { Icon } from '../../../ui/icon.tsx'
import type { StateLayout } from './layout.ts'

export interface StateBoxProps {
  readonly id: string
  readonly of: Relationship
  readonly state: FailoverState
  readonly isShown: boolean
  /** Possible next of the one that is shown. */
  readonly isNext: boolean
  readonly layout: StateLayout
  readonly select: () => void
}

export function StateBox({ id, of, state, isShown, isNext, layout, select }: StateBoxProps) {
  const isHere = state === of.state
  const isPartnerHere = state === of.partner?.state
  const classes = ['state-box', `tone-${failoverStateTone(state)}`]
  if (isHere) classes.push('state-box-here')
  if (isNext) classes.push('state-box-next')
  return (
    <button
      type="button"
      role="tab"
      id={`${id}-${state}`}
      data-state={state}
      className={classes.join(' ')}
      style={placeOf(state, layout)}
      tabIndex={isShown ? 0 : -1}
      aria-selected={isShown}
      aria-controls={`${id}-panel`}
      aria-current={isHere ? 'true' : undefined}
      onClick={select}
    >
      {withBreaks(state)}
      {isHere && (
        <span className="state-flag">
          <Icon name={failoverStateIcon(state)} /> {of.serverName}
          <span className="only-heard">is here</span>
        </span>
      )}
      {isPartnerHere && (
        <span className="state-flag state-flag-partner">
          {of.partnerName}
          <span className="only-heard">{of.communicationsOk ? 'is here' : 'was here last'}</span>
        </span>
      )}
      {isNext && (
        <span className="state-flag state-flag-next">
          <span className="only-heard">possible</span>next
        </span>
      )}
    </button>
  )
}

function placeOf(state: FailoverState, { width, height, box, at }: StateLayout) {
  const percent = (part: number, whole: number): string => `${(part / whole) * 100}%`
  const { x, y } = at[state]
  return {
    left: percent(x - box.width / 2, width),
    top: percent(y - box.height / 2, height),
    width: percent(box.width, width),
    height: percent(box.height, height),
  }
}

/** Soft hyphens where a long word may break on a phone. */
function withBreaks(state: FailoverState): string {
  return failoverStateWord(state)
    .replace('COMMUNICATIONS', 'COMMUNI\u00ADCATIONS')
    .replace('INTERRUPTED', 'INTER\u00ADRUPTED')
    .replace('RESOLUTION', 'RESOLU\u00ADTION')
}
