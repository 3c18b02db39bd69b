/** Compares a page of leases with the partners that they are shared with, and takes no change on its way for a difference. */
import type { ComparedPartner, Lease, LeaseComparison, LeaseComparisons } from '@tandem/api-contract'
import type { ChannelViews } from '../http/channel-views.ts'

/** `read`: their records as they are now, without those that have none. */
export async function compareWithPartners(
  read: () => Promise<readonly Lease[]>,
  channels: Pick<ChannelViews, 'compareLeases'>,
): Promise<LeaseComparisons> {
  const before = await read()
  const shared = Map.groupBy(before, ({ relationship }) => relationship)
  const compared = new Map<string, LeaseComparison>()
  const partners: ComparedPartner[] = []
  const all = await Promise.all(
    [...shared].map(async ([relationship, leases]) =>
      relationship === null ? undefined : channels.compareLeases(relationship, leases),
    ),
  )
  for (const records of all) {
    if (records === undefined) continue
    partners.push(records.partner)
    for (const item of records.items) compared.set(item.key, item)
  }
  const differ = [...compared.values()].some(isDifference)
  const after = differ ? new Map((await read()).map((lease) => [lease.key, lease])) : undefined
  const items = before.map((lease): LeaseComparison => {
    const { key } = lease
    const item = compared.get(key) ?? { key, relationship: null, outcome: 'no-partner' as const, owedBy: null }
    return after === undefined ? item : unlessMoved(item, lease, after.get(key))
  })
  return { items, partners }
}

/** The partner was asked between the two: what changed meanwhile is compared the next time. */
function unlessMoved(item: LeaseComparison, before: Lease, after: Lease | undefined): LeaseComparison {
  if (!isDifference(item) || after?.version === before.version) return item
  return { ...item, outcome: 'owed', owedBy: null }
}

function isDifference({ outcome }: LeaseComparison): boolean {
  return outcome === 'differs' || outcome === 'no-record'
}
