/** Records of leases as hashes, so that a page of them is compared in one question; what they are made of is decided in the contract (decision 0116). */
import { createHash } from 'node:crypto'
import { AGREEMENT_RULES, agreementOf, agreementsDiffer, needsNoRecord } from '@tandem/api-contract'
import type { LeaseComparison } from '@tandem/api-contract'
import * as z from 'zod'
import type { ComparableLease } from '../http/channel-views.ts'

const Hash = z.string().regex(/^[\w-]{16}$/u)

export const HashedLease = z.object({
  key: z.string().max(64),
  agreed: Hash,
  countsOn: Hash.nullable(),
  acknowledged: Hash.nullable(),
  owedToPartner: z.boolean(),
})
export type HashedLease = z.infer<typeof HashedLease>

/** Without those that have no record. */
export const HashedLeases = z.object({ rules: z.int(), items: z.array(HashedLease) })
export type HashedLeases = z.infer<typeof HashedLeases>

export function hashedLeases(leases: readonly ComparableLease[]): HashedLeases {
  return { rules: AGREEMENT_RULES, items: leases.map(hashedLease) }
}

export function hashedLease(lease: ComparableLease): HashedLease {
  const { agreed, countsOn, acknowledged } = agreementOf(lease)
  return {
    key: lease.key,
    agreed: hashOf(agreed),
    countsOn: countsOn === null ? null : hashOf(countsOn),
    acknowledged: acknowledged === null ? null : hashOf(acknowledged),
    owedToPartner: lease.owedToPartner,
  }
}

export interface RecordComparison {
  readonly outcome: Exclude<LeaseComparison['outcome'], 'unavailable' | 'no-partner'>
  readonly owedBy: LeaseComparison['owedBy']
}

/** `partner` undefined: it has no record. What is still owed is not compared: it is expected to differ. */
export function compareRecords(own: ComparableLease, partner: HashedLease | undefined): RecordComparison {
  const owedBy = owing(own.owedToPartner, partner?.owedToPartner ?? false)
  if (owedBy !== null) return { outcome: 'owed', owedBy }
  if (partner === undefined) return { outcome: needsNoRecord(own) ? 'agrees' : 'no-record', owedBy }
  return { outcome: agreementsDiffer(hashedLease(own), partner) ? 'differs' : 'agrees', owedBy }
}

function owing(own: boolean, partners: boolean): LeaseComparison['owedBy'] {
  if (own) return partners ? 'both' : 'this-server'
  return partners ? 'partner' : null
}

/** 96 bits: two different texts do not meet by chance. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, 12).toString('base64url')
}
