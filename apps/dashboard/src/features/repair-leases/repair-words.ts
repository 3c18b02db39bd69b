/** A comparison of all leases, and its repair, in words. */
import { TABLE_DIFFERENCES_KEPT } from '@tandem/api-contract'
import type { ComparedPool, TableComparison, TableDifference } from '@tandem/api-contract'
import { groupedDigits } from '../../components/count-words.ts'

const leasesText = (count: number | string): string => {
  const digits = String(count)
  return `${groupedDigits(digits)} ${digits === '1' ? 'lease' : 'leases'}`
}

export function summaryOf({ state, compared, differing, moving, partnerName, problem }: TableComparison): string {
  const rest = moving === '0' ? '' : ` ${leasesText(moving)} were changing and could not be compared.`
  const differ =
    differing === '0' ? 'none differs' : `${groupedDigits(differing)} ${differing === '1' ? 'differs' : 'differ'}`
  switch (state) {
    case 'never':
      return 'Not compared since this server was started.'
    case 'running':
      return `Comparing with ${partnerName}: ${leasesText(compared)} so far, ${differ}.`
    case 'done':
      if (differing === '0' && moving === '0') return `All ${leasesText(compared)} agree with what ${partnerName} has.`
      return `Of ${leasesText(compared)} ${differ} from what ${partnerName} has.${rest}`
    case 'cancelled':
      return `Stopped after ${leasesText(compared)}: ${differ}.`
    case 'failed':
      return `Given up after ${leasesText(compared)}, of which ${differ}: ${problem ?? 'no reason is known'}.`
  }
}

export function outcomeWords(outcome: TableDifference['outcome'], partnerName: string): string {
  switch (outcome) {
    case 'differs':
      return 'the records differ'
    case 'only-here':
      return `${partnerName} has no record`
    case 'only-there':
      return `only ${partnerName} has a record`
  }
}

export function poolWords({ poolId, kind }: Pick<ComparedPool, 'poolId' | 'kind'>): string {
  return poolId ?? (kind === 'address' ? 'addresses of no pool' : 'prefixes of no pool')
}

/** Of those that are listed, as many can be told again. */
export function repairable({ differences }: TableComparison): number {
  return differences.filter(({ outcome }) => outcome !== 'only-there').length
}

export interface RepairWords {
  readonly question: string
  readonly effects: readonly string[]
}

export function repairWords(comparison: TableComparison): RepairWords {
  const { partnerName, differing, differences } = comparison
  const rest = BigInt(differing) - BigInt(differences.length)
  const more =
    `${leasesText(String(rest))} more differ: this is for the first ${TABLE_DIFFERENCES_KEPT}. Where a server has lost so ` +
    'many, a full resync on that server is the better way.'
  return {
    question: `Tell ${partnerName} again of ${leasesText(repairable(comparison))}?`,
    effects: [
      `${partnerName} is asked for its record of each first. It is told only where that makes it more careful; a lease that it ` +
        'has in use for another client, or that is over here, is left alone.',
      ...(rest > 0n ? [more] : []),
    ],
  }
}

const refusedBecause: Readonly<Record<string, string>> = {
  'would-undo-there': 'the partner has it in use otherwise',
  'partner-not-asked': 'the partner could not be asked',
  'unknown-lease': 'there is no record any more',
}

export function toldWords({ partnerName, repair }: TableComparison): string | undefined {
  if (repair === null) return undefined
  const refused = repair.refused.map(
    ({ refusal, count }) =>
      ` ${groupedDigits(count)} left alone: ${refusedBecause[refusal] ?? refusal.replaceAll('-', ' ')}.`,
  )
  return `${partnerName} was told again of ${leasesText(repair.told)}. Compare again to see what came of it.${refused.join('')}`
}
