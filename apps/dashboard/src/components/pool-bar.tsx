/** How a pool is divided, drawn; a table beside it always says the same in numbers. */
import type { Pool } from '@tandem/api-contract'
import { useId } from 'react'
import { barWidths, countWords } from './count-words.ts'
import './pool-bar.css'

export type PoolPart = 'leased' | 'waiting' | 'quarantined' | 'ownFree' | 'partnerFree'

export const poolParts: readonly { readonly part: PoolPart; readonly name: string; readonly meaning: string }[] = [
  { part: 'leased', name: 'Leased', meaning: 'A client holds it' },
  { part: 'ownFree', name: 'Own free', meaning: 'Free for this server to give' },
  { part: 'partnerFree', name: 'Partner’s free', meaning: 'Free for the partner to give' },
  {
    part: 'waiting',
    name: 'Waiting',
    meaning: 'Ended; waits for the partner’s acknowledgement or for the maximum client lead time',
  },
  { part: 'quarantined', name: 'Quarantined', meaning: 'Declined by a client, since somebody else uses it' },
]

/** Tiles of 8 by 8: a solid field, strokes, dots; what is free is lighter than what is taken. */
function PatternTile({ part }: { readonly part: PoolPart }) {
  switch (part) {
    case 'leased':
      return <rect width="8" height="8" fill="currentColor" />
    case 'ownFree':
      return (
        <>
          <rect width="8" height="8" fill="currentColor" opacity="0.28" />
          <path d="M-2 10 10-2M-2 2 2-2M6 10 10 6" stroke="currentColor" strokeWidth="1.6" />
        </>
      )
    case 'partnerFree':
      return (
        <>
          <rect width="8" height="8" fill="currentColor" opacity="0.28" />
          <circle cx="2" cy="2" r="1.3" fill="currentColor" />
          <circle cx="6" cy="6" r="1.3" fill="currentColor" />
        </>
      )
    case 'waiting':
      return (
        <>
          <rect width="8" height="8" fill="currentColor" opacity="0.28" />
          <path d="M2 0v8M6 0v8" stroke="currentColor" strokeWidth="1.6" />
        </>
      )
    case 'quarantined':
      return (
        <>
          <rect width="8" height="8" fill="currentColor" opacity="0.28" />
          <path d="M0 0 8 8M8 0 0 8" stroke="currentColor" strokeWidth="1.6" />
        </>
      )
  }
}

function Patterns({ id }: { readonly id: string }) {
  return (
    <defs>
      {poolParts.map(({ part }) => (
        <pattern
          key={part}
          id={`${id}-${part}`}
          width="8"
          height="8"
          patternUnits="userSpaceOnUse"
          className={`part-${part}`}
        >
          <PatternTile part={part} />
        </pattern>
      ))}
    </defs>
  )
}

export function PoolBar({ pool, tall = false }: { readonly pool: Pool; readonly tall?: boolean }) {
  const id = useId()
  const widths = barWidths(poolParts.map(({ part }) => pool[part]))
  const starts = widths.map((_, index) => widths.slice(0, index).reduce((total, width) => total + width, 0))
  const label = poolParts
    .filter(({ part }) => pool[part] !== '0')
    .map(({ part, name }) => `${name} ${countWords(pool[part])}`)
    .join(', ')
  return (
    <svg className={`pool-bar${tall ? ' pool-bar-tall' : ''}`} role="img" aria-label={label}>
      <Patterns id={id} />
      {poolParts.map(({ part, name }, index) => (
        <rect
          key={part}
          x={`${(starts[index] ?? 0) / 10}%`}
          width={`${(widths[index] ?? 0) / 10}%`}
          height="100%"
          fill={`url(#${id}-${part})`}
        >
          <title>{`${name}: ${countWords(pool[part])}`}</title>
        </rect>
      ))}
    </svg>
  )
}

export function PoolLegend() {
  const id = useId()
  return (
    <ul className="pool-legend" aria-label="Legend">
      {poolParts.map(({ part, name, meaning }) => (
        <li key={part} title={meaning}>
          <svg className="pool-swatch" aria-hidden>
            <Patterns id={id} />
            <rect width="100%" height="100%" fill={`url(#${id}-${part})`} />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  )
}
