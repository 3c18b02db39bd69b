/** How long a certificate still lasts, as a finding. */
import { CERTIFICATE_WARNING_DAYS } from '@tandem/api-contract'
import type { Check } from '@tandem/api-contract'

export type Found = Pick<Check, 'subject' | 'outcome' | 'what' | 'finding' | 'remedy'>

const DAY_MS = 86_400_000

export function certificateCheck(endsAt: string, nowMs: number, of: Pick<Found, 'subject' | 'what'>): Found {
  // Whole days, as they are said.
  const days = Math.floor((Date.parse(endsAt) - nowMs) / DAY_MS)
  const day = endsAt.slice(0, 10)
  const replace = 'Replace its files; no restart is needed.'
  if (days < 0) {
    return {
      ...of,
      outcome: 'bad',
      finding: `It expired on ${day}: the next connection fails.`,
      remedy: replace,
    }
  }
  const finding = `It ends on ${day}, in ${days} ${days === 1 ? 'day' : 'days'}.`
  return days <= CERTIFICATE_WARNING_DAYS
    ? { ...of, outcome: 'warning', finding, remedy: replace }
    : { ...of, outcome: 'good', finding, remedy: null }
}
