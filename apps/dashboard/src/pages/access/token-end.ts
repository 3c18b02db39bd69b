/** How long a new token is to be good. */

const DAY_MS = 86_400_000

/** A token that is forgotten ends by itself; for ever has to be chosen. */
export const tokenEnds = [
  { value: '30', word: '30 days' },
  { value: '90', word: '90 days' },
  { value: '365', word: 'One year' },
  { value: '1', word: 'One day' },
  { value: '', word: 'For ever, until it is revoked' },
] as const

/** null: for ever. */
export function tokenEndAt(days: string, nowMs: number): string | null {
  return days === '' ? null : new Date(nowMs + Number(days) * DAY_MS).toISOString()
}

export type TokenState = 'good' | 'ends-soon' | 'expired'

const SOON_MS = 14 * DAY_MS

export function tokenStateOf(expiresAt: string | null, nowMs: number): TokenState {
  if (expiresAt === null) return 'good'
  const leftMs = Date.parse(expiresAt) - nowMs
  if (leftMs <= 0) return 'expired'
  return leftMs < SOON_MS ? 'ends-soon' : 'good'
}
