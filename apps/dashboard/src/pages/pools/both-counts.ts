/** A part of a pool in the partner's counts: what is its own is the partner's here. */
import type { PartnerPoolCounts } from '@tandem/api-contract'

export type CountedPart = keyof PartnerPoolCounts

const mirrored: Readonly<Partial<Record<CountedPart, CountedPart>>> = { ownFree: 'partnerFree', partnerFree: 'ownFree' }

/** Undefined: it was not said. */
export function countOfPartner(counts: PartnerPoolCounts, part: CountedPart): string | undefined {
  return counts[mirrored[part] ?? part]
}
