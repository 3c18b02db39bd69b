/** The lease that is kept for an IA, if it may be given now (docs/decisions/0075). */
import { sameClient } from '../bindings/binding-table.ts'
import type { Binding, BindingClient } from '../bindings/binding.ts'
import type { PlacedReservation } from '../allocation/reservations.ts'
import type { Grant } from './answer.ts'
import { grantLease } from './lease-times.ts'
import { isOfOwnPart } from './own-part.ts'
import type { RequestContext } from './request-context.ts'
import type { TakenLeases } from './taken-leases.ts'

/** The record if it is an ACTIVE lease of this client. */
export function ifHeldBy(record: Binding | undefined, client: BindingClient): Binding | undefined {
  const holder = record?.status === 'ACTIVE' ? record.client : undefined
  return holder !== undefined && sameClient(holder, client) ? record : undefined
}

/** What the IA holds already first. */
export function reservedLease(client: BindingClient, context: RequestContext, taken: TakenLeases): Grant | undefined {
  const kept = context.pools.reservations.of(client).filter(({ key, subnet }) => {
    return !taken.has(key) && context.served.some(({ id }) => id === subnet.id)
  })
  const held = kept.find(({ key }) => ifHeldBy(context.table.get(key), client) !== undefined)
  const given =
    held ??
    kept.find((reservation) => {
      const isForAnyIa = reservation.iaid === undefined
      if (isForAnyIa && taken.isNamedInAnother(reservation.key, client)) return false
      return mayBeGiven(reservation, client, context)
    })
  if (given === undefined) return undefined
  return grantLease(given, client, given.subnet, context.table.get(given.key), context)
}

/**
 * As any other lease only once its last client and the partner have no claim to it. From the own part, unless both
 * partners keep it for this client: then neither half nor owner matters.
 */
function mayBeGiven(reservation: PlacedReservation, client: BindingClient, context: RequestContext): boolean {
  const { key, subnet } = reservation
  const { policy, now } = context
  const allocation = policy.allocation(subnet.relationship)
  const pool = context.pools.find(reservation.kind, reservation.prefix)
  if (pool === undefined || !policy.mayAllocate(subnet.relationship).ok) return false
  const record = context.table.get(key)
  if (record?.status === 'ACTIVE' || record?.status === 'ABANDONED') return false
  if (context.offers.isForAnother(key, client, now)) return false
  // Of nobody's part is a prefix that overlaps a lease which an earlier configuration made.
  const isFree = record !== undefined || pool.ownerOf(reservation.prefix) !== undefined
  const isAgreed = policy.reservationsAgreed(subnet.relationship) && isFree
  if (!isAgreed && !isOfOwnPart(reservation, record, pool, allocation)) return false
  const keptFor = reservation.iaid === undefined ? 'any-ia-of-client' : 'this-ia'
  return record === undefined || policy.mayReuse(record, client, now, isAgreed ? keptFor : undefined).ok
}
