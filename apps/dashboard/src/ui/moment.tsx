/** A point in time on the page: relative, absolute, or both; always exact in its title and machine-readable. */
import { useNow } from './clock.ts'
import { agoWords, fullTime, localTime, untilWords } from './time-words.ts'

export interface MomentProps {
  readonly at: string
  readonly show: 'ago' | 'until' | 'clock' | 'ago-and-clock' | 'until-and-clock'
}

export function Moment({ at, show }: MomentProps) {
  const now = useNow()
  const time = Date.parse(at)
  const clock = localTime(time, now)
  const relative = show.startsWith('until') ? untilWords(time, now) : agoWords(time, now)
  return (
    <time dateTime={at} title={fullTime(time)} className="moment">
      {show === 'clock' ? clock : relative}
      {show.endsWith('-and-clock') && <span className="muted"> · {clock}</span>}
    </time>
  )
}
