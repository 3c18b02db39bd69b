/** The same link beside what this server does not know of its partner, or knows otherwise; nothing where no address is configured. */
import type { Relationship } from '@tandem/api-contract'
import { PartnerConsoleLink } from './partner-console-link.tsx'

export function ConsoleOfPartner({ of: { name, partnerName, partnerConsoleUrl } }: { readonly of: Relationship }) {
  if (partnerConsoleUrl === null) return null
  return <PartnerConsoleLink relationship={name} partnerName={partnerName} url={partnerConsoleUrl} />
}
