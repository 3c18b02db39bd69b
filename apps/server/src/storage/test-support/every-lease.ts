/** The filter that lets every lease through: tests say what theirs asks beside it. */
import type { LeaseFilter } from '../lease-filter.ts'

export const everyLease: LeaseFilter = {
  within: undefined,
  duidPart: undefined,
  relationship: undefined,
  iaid: undefined,
  hostNameParts: [],
  relayPart: undefined,
  subnetId: undefined,
  status: undefined,
  kind: undefined,
}
