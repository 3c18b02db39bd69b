/** Bulk release in the words of the console: what it would do, why leases are left alone, how far it is and how it ended. */
import type { BulkRelease, BulkReleaseFilter, BulkReleasePreview } from '@tandem/api-contract'
import { leaseKindWords } from '../../components/lease-state.tsx'
import { groupedDigits } from '../../components/count-words.ts'
import type { Tone } from '../../ui/notice.tsx'

type RefusedLeases = BulkRelease['refused'][number]

const because: Readonly<Partial<Record<RefusedLeases['refusal'], string>>> = {
  'client-just-heard': 'the client was heard within the last six seconds',
  'changed-since-preview': 'renewed, come or changed since they were counted',
  'lease-not-active': 'not leased any more',
  'state-does-not-allow': 'this server starts, recovers, or compares its leases with its partner',
  'unknown-relationship': 'the relationship is not configured any more',
  'unknown-lease': 'there is no record any more',
}

/** `3 left alone: …`. */
export function refusedWords({ refusal, count }: RefusedLeases): string {
  return `${groupedDigits(count)} left alone: ${because[refusal] ?? refusal.replaceAll('-', ' ')}`
}

const leasesText = (count: string): string => `${groupedDigits(count)} ${count === '1' ? 'lease' : 'leases'}`

/** The first sentence of the question. */
export function previewWords({ found, active, releasable }: BulkReleasePreview): string {
  if (!active.exact) return `More than ${leasesText(active.count)} in use are found: too many for one command.`
  if (active.count === '0') return 'No lease in use is found.'
  const others = found.exact ? Number(found.count) - Number(active.count) : 0
  const rest = others > 0 ? ` ${others} more are found that are not in use: nothing happens to them.` : ''
  const some = releasable === active.count ? 'All of them' : groupedDigits(releasable)
  const can = releasable === '0' ? 'None' : some
  return `${leasesText(active.count)} in use ${active.count === '1' ? 'is' : 'are'} found. ${can} can be released now.${rest}`
}

const names: Readonly<Record<keyof BulkReleaseFilter, string>> = {
  address: 'address or prefix',
  duid: 'client DUID with',
  subnet: 'subnet',
  state: 'state',
  kind: 'kind',
  relationship: 'relationship',
  iaid: 'IAID',
  hostName: 'host name with',
  relay: 'relay says',
}

/** `subnet offices, relay says port-7/`. */
export function searchWords(filter: Readonly<Partial<Record<keyof BulkReleaseFilter, unknown>>>): string {
  return Object.entries(names)
    .flatMap(([field, name]) => {
      // The keys of the record are those of the filter.
      const value = filter[field as keyof BulkReleaseFilter]
      if (field === 'state' || (typeof value !== 'string' && typeof value !== 'number')) return []
      return `${name} ${value === 'address' || value === 'prefix' ? leaseKindWords[value] : value}`
    })
    .join(', ')
}

export function progressWords({ state, released, leases, left, refused }: BulkRelease): string {
  const alone = refused.reduce((sum, { count }) => sum + Number(count), 0)
  return [
    `${groupedDigits(released)} of ${leasesText(leases)} released`,
    ...(alone === 0 ? [] : [`${groupedDigits(String(alone))} left alone`]),
    ...(left === '0' ? [] : [`${groupedDigits(left)} ${state === 'running' ? 'to go' : 'not tried'}`]),
  ].join(', ')
}

export interface StateWords {
  readonly tone: Tone
  readonly title: string
}

export function stateWords({ state, startedBy, endedBy }: BulkRelease): StateWords {
  switch (state) {
    case 'running':
      return { tone: 'accent', title: `${startedBy} is releasing leases` }
    case 'done':
      return { tone: 'ok', title: `${startedBy} released leases` }
    case 'cancelled':
      return { tone: 'degraded', title: `${endedBy ?? 'Somebody'} stopped the release of leases` }
    case 'failed':
      return { tone: 'at-risk', title: 'The release of leases could not go on' }
    case 'interrupted':
      return { tone: 'degraded', title: 'The release of leases ended with the server' }
  }
}

/** An end is news for so long, to whoever looks at the leases. */
const NEWS_MS = 10 * 60_000

/** The one that is to be seen: running, or ended not long ago and not put away. `nowMs` is the clock of the server. */
export function shownRelease(
  items: readonly BulkRelease[],
  hidden: ReadonlySet<string>,
  nowMs: number,
): BulkRelease | undefined {
  const [newest] = items
  if (newest === undefined || newest.state === 'running') return newest
  const isNews = newest.endedAt !== null && nowMs - Date.parse(newest.endedAt) < NEWS_MS
  return isNews && !hidden.has(newest.id) ? newest : undefined
}
