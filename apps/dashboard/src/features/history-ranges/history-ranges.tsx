/** How far back charts look, and holding them still. */
import { useState } from 'react'
import type { HistoryWish } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'

const HOUR = 3600

const ranges = [
  { name: 'Last hour', step: '10s', stepSeconds: 10, seconds: HOUR },
  { name: '24 hours', step: '5min', stepSeconds: 300, seconds: 24 * HOUR },
  { name: '14 days', step: '1h', stepSeconds: HOUR, seconds: 14 * 24 * HOUR },
] as const satisfies readonly (HistoryWish & { readonly name: string; readonly stepSeconds: number })[]

export type HistoryRange = (typeof ranges)[number]

export interface HistoryView {
  readonly range: HistoryRange
  /** Nothing moves while somebody reads. */
  readonly isHeld: boolean
  readonly setRange: (range: HistoryRange) => void
  readonly setHeld: (isHeld: boolean) => void
}

export function useHistoryView(): HistoryView {
  const [range, setRange] = useState<HistoryRange>(ranges[0])
  const [isHeld, setHeld] = useState(false)
  return { range, isHeld, setRange, setHeld }
}

export function HistoryRanges({ view: { range, isHeld, setRange, setHeld } }: { readonly view: HistoryView }) {
  return (
    <div className="row">
      <div className="choice choice-words" role="group" aria-label="How far back">
        {ranges.map((each) => (
          <button key={each.name} type="button" aria-pressed={each === range} onClick={() => setRange(each)}>
            {each.name}
          </button>
        ))}
      </div>
      <Button size="small" aria-pressed={isHeld} onPress={() => setHeld(!isHeld)}>
        <Icon name={isHeld ? 'play' : 'pause'} />
        {isHeld ? 'Go on' : 'Hold charts'}
      </Button>
    </div>
  )
}
