/** The orders in which the leases can be listed, in words; the order stands in the URL beside the filter. */
import { LeaseSort } from '@tandem/api-contract'

export const leaseSortWords: Readonly<Record<LeaseSort, { readonly choice: string; readonly lead: string }>> = {
  lease: { choice: 'Address', lead: 'in the order of their addresses' },
  '-lease': { choice: 'Highest address', lead: 'in the order of their addresses, the highest first' },
  '-stateSince': { choice: 'Newest change', lead: 'those first whose state changed last' },
  stateSince: { choice: 'Oldest change', lead: 'those first whose state has lasted longest' },
  stateExpiresAt: { choice: 'Ends first', lead: 'those first that end first' },
  '-stateExpiresAt': { choice: 'Ends last', lead: 'those first that end last' },
}

/** A word in the URL that is no order is left out. */
export function leaseSortOf(search: URLSearchParams): LeaseSort {
  return LeaseSort.catch('lease').parse(search.get('sort'))
}
