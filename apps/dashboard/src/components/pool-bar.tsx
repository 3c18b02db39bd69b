/** How a pool is divided, drawn; a table beside it always says the same in numbers. */
import type { Pool } from '@tandem/api-contract'
import { useId } from 'react'
import { barWidths, countWords } from './count-words.ts'
import { PoolPatterns, poolParts } from './pool-patterns.tsx'
import './pool-bar.css'

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
      <PoolPatterns id={id} />
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
            <PoolPatterns id={id} />
            <rect width="100%" height="100%" fill={`url(#${id}-${part})`} />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  )
}
