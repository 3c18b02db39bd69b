/** What may be commanded of a relationship, and what becomes of it. */
import type { CommandAllowance } from '@tandem/api-contract'

const refusal = (because: string): CommandAllowance => ({
  allowed: false,
  needsForce: false,
  forceAdmits: null,
  because,
})
export const permission = (because: string): CommandAllowance => ({ ...refusal(because), allowed: true })

export const inNormal = {
  handOver: permission(
    'The partner is told everything and serves alone; this server answers nobody until it is taken back.',
  ),
  takeBack: refusal('This server is not handed over.'),
  resync: permission('The partner sends every lease that it has. Clients are served meanwhile.'),
  rebalance: permission('Free leases change sides until every pool is shared out as configured.'),
}

export const notInNormal = {
  ...inNormal,
  handOver: refusal(
    'Both servers have to be in NORMAL and in contact: only then is it known that the partner can serve.',
  ),
  resync: refusal('It takes a partner in contact, and both in NORMAL.'),
  rebalance: refusal('It takes a partner in contact, and both in NORMAL.'),
}
