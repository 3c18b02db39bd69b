/** What happened to a relationship on both servers, over an hour or over weeks: who, what, why, and in which states they were. */
import { getTimeline, requestPath } from '@tandem/api-contract'
import type { Relationship, Timeline, TimelineEntry } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'
import { relationshipsQuery, TIMELINE_ENTRIES, timelineQuery } from '../../../api/queries.ts'
import { Answer } from '../../../features/show-answer/answer.tsx'
import { paths } from '../../../paths.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { clockWords } from '../clock-words.ts'
import { TimelineLanes } from './timeline-lanes.tsx'
import { isSpan, moved, searchOf, spans, stretchOf, zoomed } from './timeline-stretch.ts'
import type { TimelineStretch } from './timeline-stretch.ts'
import { keyOf, TimelineTable } from './timeline-table.tsx'
import { kindWords } from './timeline-words.ts'
import './timeline.css'

export function TimelinePage() {
  const { name = '' } = useParams()
  const [search, setSearch] = useSearchParams()
  const stretch = stretchOf(search)
  const timeline = useQuery(timelineQuery(name, stretch.toMs, spans[stretch.span].ms))
  const show = (next: TimelineStretch): void => setSearch(searchOf(next, Date.now()))
  return (
    <Page
      title={`Timeline of ${name}`}
      lead="Changes of state, commands, configurations and starts of both servers"
      acts={
        <Link className="button button-small" to={paths.relationship(name)}>
          Relationship {name}
        </Link>
      }
    >
      <Card title="Both servers" aside={<StretchChoice of={stretch} show={show} />}>
        <Answer to={timeline} what="the timeline">
          {(answer) => <Parts of={answer} stretch={stretch} show={show} />}
        </Answer>
      </Card>
    </Page>
  )
}

interface StretchProps {
  readonly of: TimelineStretch
  readonly show: (next: TimelineStretch) => void
}

function StretchChoice({ of, show }: StretchProps) {
  return (
    <div className="row">
      <div className="choice choice-words" role="group" aria-label="How long">
        {Object.entries(spans).map(([span, { name }]) => (
          <button
            key={span}
            type="button"
            aria-pressed={span === of.span}
            onClick={() => isSpan(span) && show(zoomed(of, span))}
          >
            {name}
          </button>
        ))}
      </div>
      <Button size="small" onPress={() => show(moved(of, -1, Date.now()))}>
        Earlier
      </Button>
      <Button size="small" isDisabled={of.toMs === undefined} onPress={() => show(moved(of, 1, Date.now()))}>
        Later
      </Button>
      <Button size="small" isDisabled={of.toMs === undefined} onPress={() => show({ span: of.span, toMs: undefined })}>
        Now
      </Button>
    </div>
  )
}

interface PartsProps {
  readonly of: Timeline
  readonly stretch: TimelineStretch
  readonly show: (next: TimelineStretch) => void
}

function Parts({ of, stretch, show }: PartsProps) {
  const [hidden, setHidden] = useState<ReadonlySet<TimelineEntry['kind']>>(new Set())
  const [chosenKey, setChosenKey] = useState<string>()
  const entries = of.items.filter(({ kind }) => !hidden.has(kind))
  const chosen = entries.find((entry) => keyOf(entry) === chosenKey)
  const choose = (entry: TimelineEntry | undefined): void =>
    setChosenKey(entry === undefined ? undefined : keyOf(entry))
  return (
    <div className="stack timeline-parts">
      <Notes of={of} stretch={stretch} show={show} />
      <TimelineLanes of={of} {...{ entries, chosen, choose }} />
      <div className="row">
        <KindChoice hidden={hidden} setHidden={setHidden} />
        <a className="button button-small" href={exportPath(of)} download={`timeline-${of.relationship}.json`}>
          <Icon name="download" /> Download JSON
        </a>
      </div>
      {entries.length === 0 ? (
        <Empty icon="search" title="Nothing happened in this stretch of time">
          <p>Look further back, or choose more kinds of entries.</p>
        </Empty>
      ) : (
        <TimelineTable entries={entries} chosen={chosen} />
      )}
    </div>
  )
}

interface KindChoiceProps {
  readonly hidden: ReadonlySet<TimelineEntry['kind']>
  readonly setHidden: (hidden: ReadonlySet<TimelineEntry['kind']>) => void
}

const kinds = ['state-change', 'command', 'configuration', 'start'] as const

function KindChoice({ hidden, setHidden }: KindChoiceProps) {
  const toggled = (kind: TimelineEntry['kind']): ReadonlySet<TimelineEntry['kind']> =>
    hidden.has(kind) ? new Set([...hidden].filter((each) => each !== kind)) : new Set([...hidden, kind])
  return (
    <div className="choice choice-words" role="group" aria-label="Which entries">
      {kinds.map((kind) => (
        <button key={kind} type="button" aria-pressed={!hidden.has(kind)} onClick={() => setHidden(toggled(kind))}>
          {kindWords[kind].name}
        </button>
      ))}
    </div>
  )
}

/** What is missing, and whose clock says when. */
function Notes({ of, stretch, show }: PartsProps) {
  const relationships = useQuery(relationshipsQuery)
  const relationship = relationships.data?.find(({ name }) => name === of.relationship)
  const noted = of.servers.filter(
    ({ serverName, problem, completeFrom }) =>
      problem !== null || completeFrom !== null || serverName === relationship?.partnerName,
  )
  return noted.map(({ serverName, problem, completeFrom }) => (
    <div key={serverName}>
      {problem !== null && (
        <p className="small">
          <Icon name="unlinked" /> {serverName} could not be asked: {problem}
        </p>
      )}
      {completeFrom !== null && (
        <p className="small">
          <Icon name="information" /> Of {serverName} there were more entries; those since{' '}
          <Moment at={completeFrom} show="clock" /> are shown.{' '}
          <Button size="small" onPress={() => show({ ...stretch, toMs: Date.parse(completeFrom) })}>
            Show those before
          </Button>
        </p>
      )}
      {relationship !== undefined && serverName === relationship.partnerName && <Clock of={relationship} />}
    </div>
  ))
}

function Clock({ of: { clockSkewMs, partnerName } }: { readonly of: Relationship }) {
  const { words } = clockWords(clockSkewMs, partnerName)
  return (
    <p className="small muted">
      Each server dates by its own clock. That of {partnerName}: {words}.
    </p>
  )
}

const exportPath = ({ relationship, from, to }: Timeline): string =>
  requestPath(getTimeline, { params: { name: relationship }, query: { from, to, limit: TIMELINE_ENTRIES } })
