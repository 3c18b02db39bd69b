/** A page of leases compared with the records of the partner, which is asked once, for hashes. */
import { AGREEMENT_RULES } from '@tandem/api-contract'
import type { Lease, LeaseComparison } from '@tandem/api-contract'
import type { ComparedRecords } from '../http/channel-views.ts'
import { isoOf } from '../http/view-values.ts'
import { pathOf } from './channel-contract.ts'
import { compareRecords, HashedLeases } from './lease-hashes.ts'
import type { PartnerToAsk } from './partner-lease.ts'
import type { Asked } from './partner-questions.ts'

/** `leases`: of this relationship, and not more than the contract lets one ask for at once. */
export async function askComparison(
  { relationship, partnerName, questions }: PartnerToAsk,
  leases: readonly Lease[],
  clock: () => number,
): Promise<ComparedRecords> {
  const keys = leases.map(({ key }) => key)
  const asked = await questions.ask(pathOf({ relationship, kind: 'lease-hashes', keys }))
  const nowMs = clock()
  const told = hashesIn(asked)
  if (typeof told === 'string') return notCompared({ relationship, partnerName }, leases, told, nowMs)
  const byKey = new Map(told.items.map((hashed) => [hashed.key, hashed]))
  return {
    partner: { relationship, serverName: partnerName, asOf: isoOf(nowMs), problem: null },
    items: leases.map((lease) => ({ key: lease.key, relationship, ...compareRecords(lease, byKey.get(lease.key)) })),
  }
}

export function notCompared(
  { relationship, partnerName }: Pick<PartnerToAsk, 'relationship' | 'partnerName'>,
  leases: readonly Lease[],
  problem: string,
  nowMs: number,
): ComparedRecords {
  const unavailable = ({ key }: Lease): LeaseComparison => {
    return { key, relationship, outcome: 'unavailable', owedBy: null }
  }
  return {
    partner: { relationship, serverName: partnerName, asOf: isoOf(nowMs), problem },
    items: leases.map(unavailable),
  }
}

/** Text: why they cannot be compared. */
function hashesIn(asked: Asked): HashedLeases | string {
  if (asked.kind !== 'answered') return asked.problem
  const read = HashedLeases.safeParse(asked.body)
  if (!read.success) return 'its answer is not understood: it has no hashes of leases'
  return read.data.rules === AGREEMENT_RULES ? read.data : 'it is of a version that compares leases by other rules'
}
