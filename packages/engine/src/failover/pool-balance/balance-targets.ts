/** How many prefixes should change sides: configured share, threshold against churn (RFC 8156 section 4.2.2). */

export interface Available {
  readonly primary: bigint
  readonly secondary: bigint
}

export interface BalanceRule {
  /** Part of the available prefixes that the secondary shall hold, 0 to 1. */
  readonly secondaryShare: number
  /** Off by no more than this fraction of the available ones, nothing moves. */
  readonly threshold: number
}

export type Move =
  | { readonly direction: 'give'; readonly prefixes: bigint }
  | { readonly direction: 'take-back'; readonly prefixes: bigint }

const PARTS_PER_MILLION = 1_000_000n

export function moveWanted(available: Available, rule: BalanceRule): Move | undefined {
  const total = available.primary + available.secondary
  const target = fractionOf(total, rule.secondaryShare)
  const missing = target - available.secondary
  const tolerated = fractionOf(total, rule.threshold)
  // A secondary with nothing at all cannot serve a new client alone, however small the pool.
  if (missing > 0n && (missing > tolerated || available.secondary === 0n))
    return { direction: 'give', prefixes: missing }
  if (-missing > tolerated) return { direction: 'take-back', prefixes: -missing }
  return undefined
}

/** Has either side's part moved by more than the threshold since the last look? */
export function hasMoved(before: Available | undefined, after: Available, rule: BalanceRule): boolean {
  if (before === undefined) return true
  const tolerated = fractionOf(after.primary + after.secondary, rule.threshold)
  return distance(before.primary, after.primary) > tolerated || distance(before.secondary, after.secondary) > tolerated
}

function fractionOf(total: bigint, fraction: number): bigint {
  return (total * BigInt(Math.round(fraction * Number(PARTS_PER_MILLION)))) / PARTS_PER_MILLION
}

function distance(a: bigint, b: bigint): bigint {
  return a > b ? a - b : b - a
}
