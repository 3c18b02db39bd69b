/** A bulk release as the API shows it, and as the audit tells it in words. */
import { BulkReleaseFilter, bulkReleaseStates } from '@tandem/api-contract'
import type { BulkRelease } from '@tandem/api-contract'
import { countOf, isoOf, isoOrNull } from '../../http/view-values.ts'
import type { BulkReleaseRow } from '../../storage/bulk-releases.queries.ts'
import type { RunProgress } from './release-run.ts'
import { tallyFrom } from './tally.ts'

export function savedProgress({ released, refused }: BulkReleaseRow): RunProgress {
  return { released, refused: tallyFrom(refused) }
}

export function toBulkReleaseView(row: BulkReleaseRow, progress = savedProgress(row)): BulkRelease {
  const { id, state, filter, reason, startedBy, startedAt, endedBy, endedAt, problem, leases } = row
  const { released, refused } = progress
  return {
    id,
    state: bulkReleaseStates.find((each) => each === state) ?? 'interrupted',
    filter: BulkReleaseFilter.parse(JSON.parse(filter)),
    reason,
    startedBy,
    startedAt: isoOf(Number(startedAt)),
    endedBy,
    endedAt: isoOrNull(endedAt),
    problem,
    leases: countOf(leases),
    released: countOf(released),
    refused: refused.toView(),
    left: countOf(Math.max(0, leases - released - refused.sum)),
  }
}

/** `subnet=offices relay=port-7/`. */
export function filterText(filter: BulkReleaseFilter): string {
  return Object.entries(filter)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
}

/** `12 released, 3 left alone (3 client-just-heard), 5 not tried`. */
export function progressText({ released, refused, left }: Pick<BulkRelease, 'released' | 'refused' | 'left'>): string {
  const alone = refused.reduce((sum, { count }) => sum + Number(count), 0)
  const why = refused.map(({ refusal, count }) => `${count} ${refusal}`).join(', ')
  return [
    `${released} released`,
    `${alone} left alone${why === '' ? '' : ` (${why})`}`,
    ...(left === '0' ? [] : [`${left} not tried`]),
  ].join(', ')
}
