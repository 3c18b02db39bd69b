/** How long a certificate still lasts. */
import { CERTIFICATE_WARNING_DAYS } from '@tandem/api-contract'
import type { Certificate } from '@tandem/api-contract'
import type { Tone } from '../../ui/notice.tsx'

const DAY_MS = 86_400_000

export interface CertificateEnd {
  readonly tone: Tone
  readonly words: string
}

export function certificateEnd({ endsAt }: Pick<Certificate, 'endsAt'>, now: number): CertificateEnd {
  const days = Math.floor((Date.parse(endsAt) - now) / DAY_MS)
  if (days < 0) return { tone: 'down', words: 'expired: the next connection fails' }
  const left = days === 0 ? 'less than a day' : days === 1 ? '1 day' : `${days.toLocaleString('en')} days`
  return { tone: days <= CERTIFICATE_WARNING_DAYS ? 'degraded' : 'ok', words: `${left} left` }
}
