/** When a client asks again that got no answer: RFC 9915 section 15, with the numbers of section 7.6 (both as in RFC 8415). */

export interface RetransmissionRule {
  readonly initialMs: number
  readonly maximumMs: number
  /** So many messages in all; absent: without end. */
  readonly messagesMax?: number
  /** RFC 9915 section 18.2.1: the first wait of a SOLICIT is never shorter than its initial time. */
  readonly firstNeverShorter?: true
}

export const solicitRule: RetransmissionRule = { initialMs: 1000, maximumMs: 3_600_000, firstNeverShorter: true }
export const requestRule: RetransmissionRule = { initialMs: 1000, maximumMs: 30_000, messagesMax: 10 }
export const rebindRule: RetransmissionRule = { initialMs: 10_000, maximumMs: 600_000 }

const JITTER = 0.1

/** Milliseconds until the next message. `previousMs`: the last such wait, undefined after the first message. `random`: 0 to 1. */
export function nextWaitMs(rule: RetransmissionRule, previousMs: number | undefined, random: number): number {
  const jitter = JITTER * (2 * random - 1)
  if (previousMs === undefined) return rule.initialMs * (1 + (rule.firstNeverShorter ? JITTER * random : jitter))
  const doubled = (2 + jitter) * previousMs
  return doubled > rule.maximumMs ? (1 + jitter) * rule.maximumMs : doubled
}
