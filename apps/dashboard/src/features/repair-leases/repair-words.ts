/** A comparison of all leases, and its repair, in words. */
import { TABLE_DIFFERENCES_KEPT } from '@tandem/api-contract'
import type { ComparedPool, TableComparison, TableDifference } from '@tandem/api-contract'
import { groupedDigits } from '../../components/count-words.ts'

const leasesText = (count: number | string): string => {
  const digits = String(count)
  return `${groupedDigits(digits)} ${digits === '1' ? 'lease' : 'leases'}`
}

export function summaryOf({ state, compared, differing, partnerName, problem }: TableComparison): string {
  const differ =
    differing === '0' ? 'none differs' : `${groupedDigits(differing)} ${differing === '1' ? 'differs' : 'differ'}`
  switch (state) {
    case 'never':
      return 'Not compared since this server was started.'
    case 'running':
      return `Comparing with ${partnerName}: ${leasesText(compared)} so far, ${differ}.`
    case 'done':
      return differing === '0'
        ? `All ${leasesText(compared)} agree with what ${partnerName} has.`
        : `Of ${leasesText(compared)} ${differ} from what ${partnerName} has.`
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

export function repairWords(comparison: TableComparison): {
  readonly question: string
  readonly effects: readonly string[]
} {
  const { partnerName, differing, differences } = comparison
  const rest = BigInt(differing) - BigInt(differences.length)
  return {
    question: `Tell ${partnerName} again of ${leasesText(repairable(comparison))}?`,
    effects: [
      `${partnerName} takes our record of each, or answers with its own if that is newer. No client notices.`,
      ...(rest > 0n
        ? [
            `${leasesText(String(rest))} more differ: this is for the first ${TABLE_DIFFERENCES_KEPT}. Where so many differ, a full resync is the better way.`,
          ]
        : []),
    ],
  }
}

export function toldWords({ partnerName, repair }: TableComparison): string | undefined {
  if (repair === null) return undefined
  const refused = repair.refused.map(
    ({ refusal, count }) => ` ${groupedDigits(count)} refused: ${refusal.replaceAll('-', ' ')}.`,
  )
  return `${partnerName} was told again of ${leasesText(repair.told)}. Compare again to see what came of it.${refused.join('')}`
}
