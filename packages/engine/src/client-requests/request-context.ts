/** Everything a handler may look at besides the request itself; it changes nothing of it. */
import { MessageType } from '@tandem/protocol'
import type { Pools } from '../allocation/pools.ts'
import type { BindingTable } from '../bindings/binding-table.ts'
import type { Subnet } from '../configuration/configuration.ts'
import type { ServicePolicy } from '../failover/service-policy.ts'
import type { Instant } from '../time/instant.ts'
import type { Link } from './choose-link.ts'
import type { ClientRequest } from './client-request.ts'
import type { Offers } from './offers.ts'

export interface RequestContext {
  readonly now: Instant
  readonly link: Link
  /** Subnets of the link that this server may answer this request from; at least one. */
  readonly served: readonly Subnet[]
  readonly table: BindingTable
  readonly pools: Pools
  readonly policy: ServicePolicy
  readonly offers: Offers
}

/** Whether the endpoint that owns a lease lets this request be answered at all (RFC 8156 section 3). */
export function mayAnswer(policy: ServicePolicy, relationship: string | undefined, request: ClientRequest): boolean {
  const answers = policy.answers(relationship)
  // A foreign server identifier has been refused before, so any that is there is our own.
  if (answers === 'everyone' || (answers === 'own-identifier' && request.serverDuid !== undefined)) return true
  return request.message.type === MessageType.Solicit && policy.offersBesidePrimary(relationship)
}
