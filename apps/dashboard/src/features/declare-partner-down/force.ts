/** What an operator says who forces the command, and whether he may also say since when the partner does not run. */
import type { Relationship } from '@tandem/api-contract'

/** It has not been heard since this server started: it may have served alone meanwhile (decision 0071). */
function isUnheardSinceStart({ state, commands }: Relationship): boolean {
  return state === 'communications-interrupted' && commands.declarePartnerDown.forceAdmits === 'leases-may-be-missing'
}

export function forceWords(relationship: Relationship): string {
  const { partnerName, commands } = relationship
  if (isUnheardSinceStart(relationship)) {
    return `I know that ${partnerName} has not served alone since this server last ran, or that it is lost for good (forced).`
  }
  switch (commands.declarePartnerDown.forceAdmits) {
    case 'leases-may-be-missing':
      return 'I know that leases may be missing here and could be given to other clients, and go on all the same (forced).'
    case 'hears-no-client':
      return 'I know that this server hears no client, and go on all the same (forced).'
    case 'partner-in-contact':
    case null:
      return `I know that ${partnerName} is in contact right now, and declare it down all the same (forced).`
  }
}

/** Else, where force is needed, the partner runs or is forgotten: no time since when it does not would be true. */
export function mayBeDownSince(relationship: Relationship): boolean {
  return !relationship.commands.declarePartnerDown.needsForce || isUnheardSinceStart(relationship)
}
