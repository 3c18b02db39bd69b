/** The filter of the leases as it stands in the URL: shareable, and the same on both servers. */
import { exportLeases, LeaseKind, LeaseState, requestPath } from '@tandem/api-contract'
import type { LeaseSort } from '@tandem/api-contract'
import type { BulkReleaseSearch, LeaseFilter } from '../../api/queries.ts'
import { leaseSortOf } from './lease-order.ts'

export const filterFields = ['address', 'duid', 'subnet', 'state', 'kind', 'hostName', 'relay', 'iaid'] as const
/** Less often looked for: folded away while they are empty. */
export const furtherFields = ['hostName', 'relay', 'iaid'] as const satisfies readonly (typeof filterFields)[number][]
export type FilterField = (typeof filterFields)[number]
export type FilterText = Readonly<Record<FilterField, string>>

export function filterText(search: URLSearchParams): FilterText {
  const read = (name: FilterField): string => search.get(name)?.trim() ?? ''
  return {
    address: read('address'),
    duid: read('duid'),
    subnet: read('subnet'),
    state: read('state'),
    kind: read('kind'),
    hostName: read('hostName'),
    relay: read('relay'),
    iaid: read('iaid'),
  }
}

/** What is asked of the server; a word in the URL that is no state or kind is left out. */
export function leaseFilter(search: URLSearchParams): LeaseFilter {
  const { address, duid, subnet, state, kind, hostName, relay, iaid } = filterText(search)
  const knownState = LeaseState.safeParse(state)
  const knownKind = LeaseKind.safeParse(kind)
  const cursor = search.get('cursor')
  const sort = leaseSortOf(search)
  return {
    ...(address === '' ? {} : { address }),
    ...(duid === '' ? {} : { duid }),
    ...(subnet === '' ? {} : { subnet }),
    ...(knownState.success ? { state: knownState.data } : {}),
    ...(knownKind.success ? { kind: knownKind.data } : {}),
    ...(hostName === '' ? {} : { hostName }),
    ...(relay === '' ? {} : { relay }),
    ...(iaid === '' ? {} : { iaid }),
    ...(sort === 'lease' ? {} : { sort }),
    ...(cursor === null || cursor === '' ? {} : { cursor }),
  }
}

/** Another filter or order begins at the first page. */
export function searchOf(text: FilterText, sort: LeaseSort): URLSearchParams {
  const search = new URLSearchParams()
  for (const field of filterFields) {
    const value = text[field].trim()
    if (value !== '') search.set(field, value)
  }
  if (sort !== 'lease') search.set('sort', sort)
  return search
}

export function isFiltered(search: URLSearchParams): boolean {
  return filterFields.some((field) => search.get(field))
}

/** Where the browser fetches what this filter finds, all pages of it. */
export function exportPath(search: URLSearchParams): string {
  const { cursor: _, sort: _order, ...filter } = leaseFilter(search)
  return requestPath(exportLeases, { query: filter })
}

export interface ReleasableSearch {
  readonly search: BulkReleaseSearch
  /** False: it is for a state in which no lease is in use. */
  readonly isInUse: boolean
}

/** What this search could be asked to release; undefined: nothing but a state is searched for. */
export function releasableSearch(search: URLSearchParams): ReleasableSearch | undefined {
  const { cursor: _, sort: _order, state, ...criteria } = leaseFilter(search)
  if (Object.keys(criteria).length === 0) return undefined
  return { search: criteria, isInUse: state === undefined || state === 'active' }
}
