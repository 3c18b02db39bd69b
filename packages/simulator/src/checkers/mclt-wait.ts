/** When a wait for what somebody may have promised is over (RFC 8156 sections 4.2.2.1, 8.4.1 and 8.6; decision 0024). */
import type { EndpointRecord } from '@tandem/engine'

/** MCLT after `since`; a longer one of before adds to that, but nothing beyond the last promise that was made under it. */
export function endOfMcltWait(since: number, { mcltSeconds, earlierMclt }: EndpointRecord): number {
  const endsAt = since + mcltSeconds * 1000
  if (earlierMclt === undefined) return endsAt
  return Math.max(endsAt, Math.min(since + earlierMclt.seconds * 1000, earlierMclt.until))
}
