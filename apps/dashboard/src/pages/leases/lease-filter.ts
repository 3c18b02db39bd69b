/** The filter of the leases as it stands in the URL: shareable, and the same on both servers. */
import { LeaseKind, LeaseState } from '@tandem/api-contract'
import type { LeaseFilter } from '../../api/queries.ts'

export const filterFields = ['address', 'duid', 'subnet', 'state', 'kind'] as const
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
  }
}

/** What is asked of the server; a word in the URL that is no state or kind is left out. */
export function leaseFilter(search: URLSearchParams): LeaseFilter {
  const { address, duid, subnet, state, kind } = filterText(search)
  const knownState = LeaseState.safeParse(state)
  const knownKind = LeaseKind.safeParse(kind)
  const cursor = search.get('cursor')
  return {
    ...(address === '' ? {} : { address }),
    ...(duid === '' ? {} : { duid }),
    ...(subnet === '' ? {} : { subnet }),
    ...(knownState.success ? { state: knownState.data } : {}),
    ...(knownKind.success ? { kind: knownKind.data } : {}),
    ...(cursor === null || cursor === '' ? {} : { cursor }),
  }
}

/** Another filter begins at the first page. */
export function searchOf(text: FilterText): URLSearchParams {
  const search = new URLSearchParams()
  for (const field of filterFields) {
    const value = text[field].trim()
    if (value !== '') search.set(field, value)
  }
  return search
}

export function isFiltered(search: URLSearchParams): boolean {
  return filterFields.some((field) => search.get(field))
}
