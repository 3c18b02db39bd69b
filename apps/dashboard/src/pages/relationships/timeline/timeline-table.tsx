/** All entries of a timeline, newest first: the twin of its picture, and more. */
import type { TimelineEntry } from '@tandem/api-contract'
import { useEffect, useRef } from 'react'
import { FailoverStateBadge } from '../../../components/failover-state.tsx'
import { useNow } from '../../../ui/clock.ts'
import { Icon } from '../../../ui/icon.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { detailOf, headlineOf, inputsOf, kindWords } from './timeline-words.ts'

export interface TimelineTableProps {
  readonly entries: readonly TimelineEntry[]
  readonly chosen: TimelineEntry | undefined
}

export const keyOf = ({ serverName, id }: TimelineEntry): string => `${serverName} ${id}`

export function TimelineTable({ entries, chosen }: TimelineTableProps) {
  return (
    <div className="table-frame timeline-table" role="region" aria-label="Entries of the timeline" tabIndex={0}>
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Server</th>
            <th scope="col">What</th>
            <th scope="col">Why, and what came of it</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <EntryRow key={keyOf(entry)} of={entry} isChosen={chosen !== undefined && keyOf(chosen) === keyOf(entry)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function EntryRow({ of, isChosen }: { readonly of: TimelineEntry; readonly isChosen: boolean }) {
  const row = useRef<HTMLTableRowElement>(null)
  useEffect(() => {
    // Within the table's own frame: the picture that is being walked through stays where it is.
    const frame = row.current?.closest('.table-frame')
    if (!isChosen || row.current === null || !(frame instanceof HTMLElement)) return
    frame.scrollTop = row.current.offsetTop - frame.clientHeight / 2
  }, [isChosen])
  const { name, icon } = kindWords[of.kind]
  return (
    <tr ref={row} className={isChosen ? 'timeline-chosen' : undefined} aria-current={isChosen ? 'true' : undefined}>
      <th scope="row" className="nowrap">
        <Moment at={of.at} show="clock" />
      </th>
      <td data-name="Server">{of.serverName}</td>
      <td data-name="What">
        {of.kind === 'state-change' ? (
          <span className="row row-whole">
            <FailoverStateBadge state={of.from} told />
            <Icon name="forward" label="to" />
            <FailoverStateBadge state={of.to} />
          </span>
        ) : (
          <span>
            <Icon name={icon} label={name} /> {headlineOf(of)}
          </span>
        )}
      </td>
      <td data-name="Why, and what came of it">
        <div>
          {detailOf(of)}
          <Aside of={of} />
        </div>
      </td>
    </tr>
  )
}

function Aside({ of }: { readonly of: TimelineEntry }) {
  const now = useNow()
  if (of.kind === 'start') return null
  if (of.kind === 'configuration') return <span className="fact-why">by {of.operator}</span>
  if (of.kind === 'command') {
    return (
      <span className="fact-why">
        by {of.operator}, {of.target}
      </span>
    )
  }
  const inputs = inputsOf(of.inputs, now)
  return (
    <span className="fact-why">
      {of.rule}
      {inputs !== '' && `: ${inputs}`}
    </span>
  )
}
