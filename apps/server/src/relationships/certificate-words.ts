/** What is said of the certificates of a relationship beside its situation. */
import { CERTIFICATE_WARNING_DAYS } from '@tandem/api-contract'
import type { PartnerCertificates } from '../engine/engine-service.ts'

const DAY_MS = 86_400_000

export function certificateNotes(
  certificates: PartnerCertificates | undefined,
  who: { readonly serverName: string; readonly partnerName: string },
  nowMs: number,
): readonly string[] {
  if (certificates === undefined) return []
  const { own, partner, problem } = certificates
  return [
    ...endNotes(who.serverName, own, nowMs),
    ...endNotes(who.partnerName, partner, nowMs),
    ...(problem === undefined
      ? []
      : [`The TLS files of ${who.serverName} cannot be used; those read before stay in force. ${problem}`]),
  ]
}

function endNotes(name: string, certificate: PartnerCertificates['own'], nowMs: number): readonly string[] {
  if (certificate === undefined) return []
  const daysLeft = (certificate.endsAtMs - nowMs) / DAY_MS
  if (daysLeft > CERTIFICATE_WARNING_DAYS) return []
  const day = new Date(certificate.endsAtMs).toISOString().slice(0, 10)
  return daysLeft <= 0
    ? [
        `The certificate of ${name} expired on ${day}: the next connection will fail. Replace its files; no restart is needed.`,
      ]
    : [`The certificate of ${name} ends on ${day}. Replace its files before; no restart is needed.`]
}
