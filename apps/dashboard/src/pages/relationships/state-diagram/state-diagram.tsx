/** The ten failover states as a diagram: where this server is, where the partner was last, and what leads where; arrow keys move about. */
import { failoverStates, failoverStateWord } from '@tandem/api-contract'
import type { FailoverState, Relationship } from '@tandem/api-contract'
import { useId, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { Card } from '../../../ui/card.tsx'
import { useMedia } from '../../../ui/media.ts'
import { edgeCurve, edgePath } from './edge-path.ts'
import { isArrowKey, narrowLayout, neighbourOf, wideLayout } from './layout.ts'
import type { StateLayout } from './layout.ts'
import { StateBox } from './state-box.tsx'
import { StatePanel } from './state-panel.tsx'
import { StateTable } from './state-table.tsx'
import { linesOf, waysOut } from './ways-out.ts'
import './state-diagram.css'

export function StateDiagram({ of }: { readonly of: Relationship }) {
  const id = useId()
  // Follows this server's state until somebody looks at another one.
  const [chosen, choose] = useState<FailoverState | null>(null)
  const shown = chosen ?? of.state
  const select = (state: FailoverState): void => choose(state === of.state ? null : state)
  return (
    <Card title="State diagram">
      <div className="state-diagram">
        <div>
          <StateMap id={id} of={of} shown={shown} select={select} />
          <Legend of={of} />
        </div>
        <StatePanel id={id} of={of} state={shown} backToPresent={() => choose(null)} />
      </div>
      <StateTable of={of} />
    </Card>
  )
}

interface StateMapProps {
  readonly id: string
  readonly of: Relationship
  readonly shown: FailoverState
  readonly select: (state: FailoverState) => void
}

const NARROW = '(width < 760px)'

function StateMap({ id, of, shown, select }: StateMapProps) {
  const isNarrow = useMedia(NARROW)
  const layout = isNarrow ? narrowLayout : wideLayout
  const map = useRef<HTMLDivElement>(null)
  const next = new Set(waysOut(of, shown).map(({ to }) => to))
  const moveTo = (state: FailoverState): void => {
    select(state)
    map.current?.querySelector<HTMLElement>(`[data-state="${state}"]`)?.focus()
  }
  const pressed = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    if (isArrowKey(event.key)) moveTo(neighbourOf(shown, event.key, layout))
    else if (event.key === 'Home') moveTo(of.state)
    else return
    event.preventDefault()
  }
  return (
    <div
      ref={map}
      role="tablist"
      aria-label="States of the failover endpoint"
      aria-describedby={`${id}-keys`}
      className={isNarrow ? 'state-map state-map-narrow' : 'state-map'}
      style={{ aspectRatio: `${layout.width} / ${layout.height}`, maxWidth: layout.width }}
      onKeyDown={pressed}
    >
      <Lines of={of} shown={shown} layout={layout} />
      {failoverStates.map((state) => (
        <StateBox
          key={state}
          id={id}
          of={of}
          state={state}
          isShown={state === shown}
          isNext={next.has(state)}
          layout={layout}
          select={() => moveTo(state)}
        />
      ))}
      <span id={`${id}-keys`} className="only-heard">
        Arrow keys move from state to state, Home to the present one.
      </span>
    </div>
  )
}

interface LinesProps {
  readonly of: Relationship
  readonly shown: FailoverState
  readonly layout: StateLayout
}

/** STARTUP leads nearly everywhere: its lines are drawn only while it is looked at. */
function Lines({ of, shown, layout }: LinesProps) {
  const lines = linesOf(of)
  const ways = new Set(waysOut(of, shown).map(({ to }) => to))
  const drawn = lines.flatMap(({ from, to }) => {
    const isOut = from === shown && ways.has(to)
    if (from === 'startup' && !isOut) return []
    const hasWayBack = lines.some((other) => other.from === to && other.to === from)
    return [{ key: `${from}>${to}`, isOut, ...edgePath(edgeCurve(from, to, layout, hasWayBack)) }]
  })
  return (
    <svg className="state-lines" viewBox={`0 0 ${layout.width} ${layout.height}`} aria-hidden>
      {drawn
        .toSorted((a, b) => Number(a.isOut) - Number(b.isOut))
        .map(({ key, isOut, line, head }) => (
          <g key={key} className={isOut ? 'state-line state-line-out' : 'state-line'}>
            <path d={line} className="state-line-stroke" />
            <path d={head} className="state-line-head" />
          </g>
        ))}
    </svg>
  )
}

function Legend({ of: { serverName, partnerName, partner, communicationsOk } }: { readonly of: Relationship }) {
  return (
    <ul className="state-legend">
      <li>
        <span className="state-sample state-sample-here" aria-hidden /> where {serverName} is
      </li>
      {partner !== null && (
        <li>
          <span className="state-sample state-sample-partner" aria-hidden /> where {partnerName}{' '}
          {communicationsOk ? 'is' : 'was last'}
        </li>
      )}
      <li>
        <span className="state-sample state-sample-next" aria-hidden /> possible next
      </li>
      <li>Every state leads to {failoverStateWord('startup')} when the server is started again or was suspended.</li>
    </ul>
  )
}
