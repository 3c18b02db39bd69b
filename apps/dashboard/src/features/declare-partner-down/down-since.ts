/** Since when the partner does not run, as an operator types it: local time to the second, and what it may be (decision 0072). */
import { localTime } from '../../ui/time-words.ts'

export interface DownSinceBounds {
  /** ISO 8601; null: never heard. */
  readonly lastHeardFromPartnerAt: string | null
  readonly now: number
}

export type DownSince =
  | { readonly kind: 'not-given' }
  | { readonly kind: 'good'; readonly at: string }
  | { readonly kind: 'wrong'; readonly problem: string }

/** `text` is the value of a `datetime-local` field, which browsers leave empty while it is incomplete. */
export function readDownSince(text: string, { lastHeardFromPartnerAt, now }: DownSinceBounds): DownSince {
  if (text === '') return { kind: 'not-given' }
  const at = Date.parse(text)
  if (Number.isNaN(at)) return { kind: 'wrong', problem: 'This is no time.' }
  if (at > now) return { kind: 'wrong', problem: 'This lies in the future.' }
  const heardAt = lastHeardFromPartnerAt === null ? undefined : Date.parse(lastHeardFromPartnerAt)
  if (heardAt !== undefined && at < heardAt) {
    return { kind: 'wrong', problem: `It was still heard at ${localTime(heardAt, now)}.` }
  }
  return { kind: 'good', at: new Date(at).toISOString() }
}
