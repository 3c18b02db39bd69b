/** The last comparison of all leases with those of the partner, as a finding; none where there was none. */
import type { TableComparison } from '@tandem/api-contract'
import type { Found } from './certificate-check.ts'

export function leasesCheck(of: TableComparison): readonly Found[] {
  const { state, relationship, serverName, partnerName, compared, differing, moving, endedAt, problem, repair } = of
  const check = { subject: 'leases-match', what: `Leases of ${serverName} and ${partnerName}` } as const
  if (state === 'failed') {
    return [
      {
        ...check,
        outcome: 'unknown',
        finding: `They could not be compared: ${problem ?? 'no reason is known'}.`,
        remedy: null,
      },
    ]
  }
  if (state !== 'done' || endedAt === null) return []
  if (differing === '0') {
    const finding =
      moving === '0'
        ? `All ${compared} agreed at ${endedAt}.`
        : `Of ${compared} none differed at ${endedAt}; ${moving} were changing and could not be compared.`
    return [{ ...check, outcome: 'good', finding, remedy: null }]
  }
  const told = repair === null ? '' : ` ${partnerName} was told again of ${repair.told} at ${repair.at}.`
  return [
    {
      ...check,
      outcome: 'warning',
      finding: `${differing} of ${compared} differed at ${endedAt}.${told}`,
      remedy:
        repair === null
          ? `See them, and what to do, on the page of ${relationship}.`
          : `Compare again on the page of ${relationship}.`,
    },
  ]
}
