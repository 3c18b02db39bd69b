/** A point in time on the page: relative, absolute, or both; always exact in its title and machine-readable. */
import { useNow } from './clock.ts'
import { agoWords, fullTime, localTime, roughlyUntilWords, untilWords } from './time-words.ts'

const relativeWords = { ago: agoWords, until: untilWords, 'roughly-until': roughlyUntilWords } as const

export interface MomentProps {
  readonly at: string
  readonly show: `${keyof typeof relativeWords}${'' | '-and-clock'}` | 'clock'
}

export function Moment({ at, show }: MomentProps) {
  const now = useNow()
  const time = Date.parse(at)
  const clock = localTime(time, now)
  return (
    <time dateTime={at} title={fullTime(time)} className="moment">
      {show === 'clock' ? clock : <span className="moment-words">{relativeWords[wordsOf(show)](time, now)}</span>}
      {show.endsWith('-and-clock') && <span className="muted"> · {clock}</span>}
    </time>
  )
}

function wordsOf(show: Exclude<MomentProps['show'], 'clock'>): keyof typeof relativeWords {
  if (show.startsWith('roughly-until')) return 'roughly-until'
  return show.startsWith('until') ? 'until' : 'ago'
}
