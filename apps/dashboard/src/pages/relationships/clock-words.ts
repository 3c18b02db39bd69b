/** How far the partner's clock is off, and what comes of it: beyond five seconds the partners part (RFC 8156 sections 7.1 and 7.5.1). */
import { CLOCK_ALARM_MS, CLOCK_WARNING_MS } from '@tandem/api-contract'
import type { Tone } from '../../ui/notice.tsx'

export interface ClockWords {
  readonly words: string
  /** What threatens, where something does. */
  readonly threat: { readonly tone: Tone; readonly words: string } | null
}

/** Sent-time is in whole seconds, so that less than this is no difference. */
const SAME_MS = 500

/** `clockSkewMs` as the API has it: positive where the partner is behind. */
export function clockWords(clockSkewMs: number | null, partnerName: string): ClockWords {
  if (clockSkewMs === null) return { words: 'not known: no message has been compared on this connection', threat: null }
  const off = Math.abs(clockSkewMs)
  const seconds = `${(off / 1000).toFixed(1)} s`
  if (off < SAME_MS) return { words: 'agrees with this server’s (to half a second)', threat: null }
  const words = `${seconds} ${clockSkewMs > 0 ? 'behind' : 'ahead of'} this server’s`
  if (off < CLOCK_WARNING_MS) return { words, threat: null }
  return {
    words,
    threat: {
      tone: off < CLOCK_ALARM_MS ? 'degraded' : 'at-risk',
      words:
        `Beyond five seconds the servers refuse each other’s messages and lose contact. Check the time service here ` +
        `and on ${partnerName}.`,
    },
  }
}
