/** Counts of pools, which exceed what a number holds: read as BigInt, shown so that a person can take them in. */

const SUPERSCRIPTS = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹']
const WRITTEN_OUT_MAX = 10_000_000n

/** `65,536`, `2⁶⁴`, `≈ 2⁶⁴`, or `≈ 1.84 × 10¹⁹`. */
export function countWords(count: string): string {
  const value = BigInt(count)
  if (value < WRITTEN_OUT_MAX) return groupedDigits(count)
  const power = nearestPowerOfTwo(value)
  return power ?? scientific(count)
}

/** `18,446,744,073,709,551,616` */
export function groupedDigits(count: string): string {
  return count.replace(/\B(?=(\d{3})+$)/g, ',')
}

/** A pool is a power of two less a few leases: exactly one is said exactly, one within a millionth is said so. */
function nearestPowerOfTwo(value: bigint): string | undefined {
  const bits = value.toString(2).length
  for (const exponent of [bits, bits - 1]) {
    const power = 1n << BigInt(exponent)
    const distance = value > power ? value - power : power - value
    if (distance === 0n) return `2${superscript(exponent)}`
    if (distance * 1_000_000n < power) return `≈ 2${superscript(exponent)}`
  }
  return undefined
}

function scientific(digits: string): string {
  const rounded = (BigInt(digits.slice(0, 4)) + 5n) / 10n
  const carried = rounded === 1000n
  const [first = '', ...rest] = carried ? ['1', '0', '0'] : rounded.toString()
  return `≈ ${first}.${rest.join('')} × 10${superscript(digits.length - (carried ? 0 : 1))}`
}

export function superscript(exponent: number): string {
  return String(exponent).replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)] ?? '')
}

/** `0 %`, `< 0.1 %`, `12.5 %` */
export function shareWords(part: string, whole: string): string {
  const [a, b] = [BigInt(part), BigInt(whole)]
  if (a === 0n || b === 0n) return '0 %'
  const permille = Number((a * 1000n) / b)
  return permille === 0 ? '< 0.1 %' : `${permille / 10} %`
}

/** How wide each part is drawn, in thousandths of the whole; what exists is wide enough to be seen. */
export function barWidths(parts: readonly string[], seenMin = 8): readonly number[] {
  const values = parts.map((part) => BigInt(part))
  const sum = values.reduce((total, value) => total + value, 0n)
  if (sum === 0n) return parts.map(() => 0)
  const widths = values.map((value) => (value === 0n ? 0 : Math.max(seenMin, Number((value * 1000n) / sum))))
  const excess = widths.reduce((total, width) => total + width, 0) - 1000
  const widest = widths.indexOf(Math.max(...widths))
  return widths.map((width, index) => (index === widest ? width - excess : width))
}
