/** A small line of recent counts, with its meaning in words; whoever wants the numbers follows the link around it. */
import './sparkline.css'

export interface SparklineProps {
  /** Oldest first; at least two. */
  readonly values: readonly number[]
  /** What it shows, for who cannot see it. */
  readonly label: string
}

const WIDTH = 72
const HEIGHT = 26

export function Sparkline({ values, label }: SparklineProps) {
  const largest = Math.max(1, ...values)
  const points = values.map((value, index) => {
    const x = 2 + (index / Math.max(1, values.length - 1)) * (WIDTH - 4)
    return `${x.toFixed(1)} ${(HEIGHT - 2 - (value / largest) * (HEIGHT - 4)).toFixed(1)}`
  })
  return (
    <svg className="sparkline" width={WIDTH} height={HEIGHT} role="img" aria-label={label}>
      <line className="sparkline-ground" x1="0" x2={WIDTH} y1={HEIGHT - 1} y2={HEIGHT - 1} />
      <path d={`M${points.join('L')}`} />
    </svg>
  )
}
