/** The leases of an IA in a RENEW or REBIND: extended, withdrawn, or unknown here (RFC 9915 §18.3.4, §18.3.5). */
import { hasBug } from '../deliberate-bug.ts'
import { prefixContains } from '@tandem/protocol'
import { bindingKey, type BindingClient } from '../bindings/binding.ts'
import type { Grant, IaDecision } from './answer.ts'
import { heldLeases, ifHeldBy } from './choose-lease.ts'
import type { IdentifiedRequest, NamedLease, RequestedIa } from './client-request.ts'
import { grantLease } from './lease-times.ts'
import type { RequestContext } from './request-context.ts'

export type Extension =
  | { readonly kind: 'decided'; readonly decision: IaDecision }
  /** No lease of the IA is on record for the client, and none is known to be wrong. */
  | { readonly kind: 'unknown'; readonly ia: RequestedIa }
  /** On record, but in a subnet whose failover state forbids an answer. */
  | { readonly kind: 'not-served' }

type Finding =
  | { readonly kind: 'extended'; readonly grant: Grant }
  | { readonly kind: 'withdrawn'; readonly lease: NamedLease }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not-served' }

/** An ACTIVE lease may be extended whichever partner's half it is of (RFC 8156 section 4.2.1.1). */
export function extendIa(ia: RequestedIa, request: IdentifiedRequest, context: RequestContext): Extension {
  const client = { duid: request.clientDuid, iaType: ia.iaType, iaid: ia.iaid }
  const findings =
    ia.leases.length > 0
      ? ia.leases.map((lease) => examine(lease, client, context))
      : heldLeases(client, context).map((grant): Finding => ({ kind: 'extended', grant }))
  const grants = findings.flatMap((finding) => (finding.kind === 'extended' ? [finding.grant] : []))
  const withdrawn = findings.flatMap((finding) => (finding.kind === 'withdrawn' ? [finding.lease] : []))
  if (grants.length === 0 && findings.some(({ kind }) => kind === 'not-served')) return { kind: 'not-served' }
  if (grants.length === 0 && withdrawn.length === 0) return { kind: 'unknown', ia }
  return { kind: 'decided', decision: { ia, grants, withdrawn, status: undefined, failure: undefined } }
}

function examine(lease: NamedLease, client: BindingClient, context: RequestContext): Finding {
  const record = context.table.get(bindingKey(lease.kind, lease.prefix))
  const held = ifHeldBy(record, client)
  if (held === undefined) {
    const wrong = isOffLink(lease, context) || record?.status === 'ACTIVE'
    return wrong ? { kind: 'withdrawn', lease } : { kind: 'unknown' }
  }
  if (held.partnerHeardClientAt !== undefined && hasBug('partners-leases-not-renewed')) return { kind: 'not-served' }
  const subnet = context.link.subnets.find(({ id }) => id === held.subnetId)
  if (subnet === undefined) return { kind: 'withdrawn', lease }
  if (!context.served.includes(subnet)) return { kind: 'not-served' }
  const grant = grantLease(lease, client, subnet, held, context)
  return grant === undefined ? { kind: 'unknown' } : { kind: 'extended', grant }
}

/** Certainly not of this link. A prefix of no pool may be another server's: nothing is known of it. */
function isOffLink({ kind, prefix }: NamedLease, context: RequestContext): boolean {
  if (kind === 'address') {
    return !context.link.subnets.some((subnet) => prefixContains(subnet.prefix, prefix.address))
  }
  const pool = context.pools.find('prefix', prefix)
  return pool !== undefined && !context.link.subnets.some(({ id }) => id === pool.subnet.id)
}
