/** Whether the partner has the same record of a lease, as it stands in its row, and what a whole page of them comes to. */
import type { ComparedPartner, Lease, LeaseComparison } from '@tandem/api-contract'
import type { IconName } from '../../ui/icon.tsx'

export interface Mark {
  readonly icon: IconName | undefined
  readonly text: string
  readonly title: string | undefined
  /** Somebody should look at it. */
  readonly stands: boolean
}

const quiet = (text: string, icon?: IconName, title?: string): Mark => ({ icon, text, title, stands: false })

/** `comparison` undefined: nothing is known of it yet. The row is newer than the comparison, and so what it says comes first. */
export function markOf(
  { relationship, owedToPartner }: Pick<Lease, 'relationship' | 'owedToPartner'>,
  comparison: LeaseComparison | undefined,
): Mark {
  if (relationship === null) return quiet('none')
  if (owedToPartner) return quiet('not told yet', 'waiting', 'The partner has still to be told, or to acknowledge it')
  switch (comparison?.outcome) {
    case undefined:
      return quiet('knows')
    case 'agrees':
      return quiet('agrees', 'ok')
    case 'differs':
      return standing('differs', 'The partner has another state or client, or has not acknowledged what is counted on')
    case 'no-record':
      return standing('has no record', 'The partner should have a record of it, and has none')
    case 'owed':
      return comparison.owedBy === 'partner'
        ? quiet('has news of it', 'waiting', 'The partner has still to tell this server of a change')
        : quiet('changes now', 'waiting', 'Compared again in a moment')
    case 'unavailable':
      return quiet('not compared', 'unlinked', 'The partner could not be asked')
    case 'no-partner':
      return quiet('none')
  }
}

function standing(text: string, title: string): Mark {
  return { icon: undefined, text, title, stands: true }
}

/** What changed since the comparison is on its way to the partner, as its row says: the sum over the list must not deny it. */
export function asRowsSay(
  items: readonly LeaseComparison[],
  leases: readonly Pick<Lease, 'key' | 'owedToPartner'>[],
): readonly LeaseComparison[] {
  const owed = new Set(leases.filter(({ owedToPartner }) => owedToPartner).map(({ key }) => key))
  return items.map((item) => (owed.has(item.key) ? { ...item, outcome: 'owed', owedBy: 'this-server' } : item))
}

/** Of the leases of one partner on the page. */
export function summaryOf(
  { relationship, serverName, problem }: ComparedPartner,
  items: readonly LeaseComparison[],
): string {
  if (problem !== null) return `Not compared with ${serverName}: ${problem}`
  const of = items.filter((item) => item.relationship === relationship)
  const count = (outcome: LeaseComparison['outcome']): number => of.filter((item) => item.outcome === outcome).length
  const differ = count('differs')
  const missing = count('no-record')
  const underWay = count('owed')
  const parts = [
    ...(differ > 0 ? [differ === 1 ? '1 differs' : `${differ} differ`] : []),
    ...(missing > 0 ? [`${missing} without a record there`] : []),
    ...(underWay > 0 ? [`${underWay} still to be told`] : []),
  ]
  if (parts.length === 0) return `Compared with ${serverName}: all agree`
  return `Compared with ${serverName}: ${parts.join(', ')}`
}

export function isWorthALook(items: readonly LeaseComparison[], { relationship }: ComparedPartner): boolean {
  return items.some(
    (item) => item.relationship === relationship && (item.outcome === 'differs' || item.outcome === 'no-record'),
  )
}
