/** Which parts of a lease the two servers are to have alike, and where they do not (RFC 8156 section 7.3). */
import type { Lease, PartnerLeaseRecord } from '@tandem/api-contract'

/** The last two are mirrored: what one acknowledged is what the other was acknowledged. */
export type ComparedPart = 'state' | 'client' | 'acknowledged' | 'acknowledged-by-the-other'

/** What the partner did not say does not differ. */
export function differs(part: ComparedPart, own: Lease, partner: PartnerLeaseRecord): boolean {
  switch (part) {
    case 'state':
      return partner.state !== undefined && partner.state !== own.state
    case 'client':
      return partner.client !== undefined && clientText(partner.client) !== clientText(own.client)
    case 'acknowledged':
      return isOther(partner.expirationTime, own.ackedPartnerLifetime)
    case 'acknowledged-by-the-other':
      return isOther(partner.ackedPartnerLifetime, own.expirationTime)
  }
}

function clientText(client: Lease['client']): string {
  return client === null ? 'nobody' : `${client.duid} ${client.iaType} ${client.iaid}`
}

/** On the wire these times are whole seconds. */
function isOther(told: string | null | undefined, own: string | null): boolean {
  if (told === undefined) return false
  if (told === null || own === null) return told !== own
  return Math.abs(Date.parse(told) - Date.parse(own)) >= 1_000
}
