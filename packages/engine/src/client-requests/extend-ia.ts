/** The leases of an IA in a RENEW or REBIND: extended, withdrawn, or unknown here (RFC 9915 §18.3.4, §18.3.5). */
import { hasBug } from '../deliberate-bug.ts'
import { prefixContains } from '@tandem/protocol'
import { bindingKey, keyOf, NO_SUBNET, type BindingClient, type BindingKey } from '../bindings/binding.ts'
import type { Grant, IaDecision } from './answer.ts'
import { chooseLeases, heldLeases } from './choose-lease.ts'
import type { IdentifiedRequest, NamedLease, RequestedIa } from './client-request.ts'
import { areAllDrained } from './drained-lease.ts'
import { givenBack, withoutLeftOut } from './left-out.ts'
import { grantLease } from './lease-times.ts'
import type { RequestContext } from './request-context.ts'
import { ifHeldBy, reservedLease } from './reserved-lease.ts'
import type { TakenLeases } from './taken-leases.ts'

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

/**
 * An ACTIVE lease may be extended whichever partner's half it is of (RFC 8156 section 4.2.1.1). `taken` is added to.
 */
export function extendIa(
  ia: RequestedIa,
  request: IdentifiedRequest,
  context: RequestContext,
  taken: TakenLeases,
): Extension {
  const client = { duid: request.clientDuid, iaType: ia.iaType, iaid: ia.iaid }
  const reserved = reservedLease(client, context, taken)
  const kept = keptAmong(ia.leases, client, context)
  const findings =
    ia.leases.length > 0
      ? ia.leases.map((lease) => examine(lease, client, context, { reserved, kept }))
      : heldLeases(client, context).map((grant): Finding => extendedUnlessReplaced(grant, reserved))
  const extended = findings.flatMap((finding) => (finding.kind === 'extended' ? [finding.grant] : []))
  const withdrawn = findings.flatMap((finding) => (finding.kind === 'withdrawn' ? [finding.lease] : []))
  if (extended.length === 0 && findings.some(({ kind }) => kind === 'not-served')) return { kind: 'not-served' }
  if (extended.length === 0 && withdrawn.length === 0) return { kind: 'unknown', ia }
  const grants = [...extended, ...replacements(ia, client, context, { reserved, extended, withdrawn, taken })]
  for (const { lease } of grants) taken.add(lease)
  const renewed = ia.leases.length === 0 ? [] : extended.flatMap(({ previous }) => previous ?? [])
  // What it is given besides it does not know of yet.
  const left = givenBack(client, [...ia.leases, ...grants.map(({ lease }) => lease)], renewed, context)
  return {
    kind: 'decided',
    decision: { ia, grants, withdrawn, givenBack: left, status: undefined, failure: undefined },
  }
}

/** Of leases that one IA has from both partners the one that its client asked for last. */
function keptAmong(
  named: readonly NamedLease[],
  client: BindingClient,
  context: RequestContext,
): ReadonlySet<BindingKey> {
  const held = named.flatMap((lease) => ifHeldBy(context.table.get(keyOfLease(lease)), client) ?? [])
  return new Set(withoutLeftOut(held, context).map(keyOf))
}

/** In place of what the client must give up for a reservation: the lease that is kept for it, or else any. And one beside a lease that is drained. */
function replacements(
  ia: RequestedIa,
  client: BindingClient,
  context: RequestContext,
  found: {
    readonly reserved: Grant | undefined
    readonly extended: readonly Grant[]
    readonly withdrawn: readonly NamedLease[]
    readonly taken: TakenLeases
  },
): readonly Grant[] {
  const { reserved, extended, withdrawn, taken } = found
  if (reserved !== undefined) {
    const key = keyOfLease(reserved.lease)
    return extended.some(({ lease }) => keyOfLease(lease) === key) ? [] : [reserved]
  }
  const isWithdrawnForAnother = withdrawn.some((lease) => isKeptForAnother(lease, client, context))
  const needsOne = extended.length > 0 ? areAllDrained(extended) : isWithdrawnForAnother
  if (!needsOne) return []
  const choice = chooseLeases(ia, client, context, taken)
  return choice.ok ? choice.grants.filter(({ lease }) => !extended.some((each) => isSameLease(each.lease, lease))) : []
}

function examine(
  lease: NamedLease,
  client: BindingClient,
  context: RequestContext,
  { reserved, kept }: { readonly reserved: Grant | undefined; readonly kept: ReadonlySet<BindingKey> },
): Finding {
  // The record is left to run to its end: the answer may never reach the client.
  if (isKeptForAnother(lease, client, context)) return { kind: 'withdrawn', lease }
  const record = context.table.get(keyOfLease(lease))
  const held = ifHeldBy(record, client)
  // Of no subnet here: all that is known of it is that nobody else may have it.
  if (held === undefined || held.subnetId === NO_SUBNET) {
    const wrong = isOffLink(lease, context) || (held === undefined && record?.status === 'ACTIVE')
    return wrong ? { kind: 'withdrawn', lease } : { kind: 'unknown' }
  }
  if (held.partnerHeardClientAt !== undefined && hasBug('partners-leases-not-renewed')) return { kind: 'not-served' }
  const subnet = context.link.subnets.find(({ id }) => id === held.subnetId)
  if (subnet === undefined) return { kind: 'withdrawn', lease }
  if (!context.served.includes(subnet)) return { kind: 'not-served' }
  if (!kept.has(keyOfLease(lease))) return { kind: 'withdrawn', lease }
  const grant = grantLease(lease, client, subnet, held, context)
  return grant === undefined ? { kind: 'unknown' } : extendedUnlessReplaced(grant, reserved)
}

function extendedUnlessReplaced(grant: Grant, reserved: Grant | undefined): Finding {
  const stays = reserved === undefined || keyOfLease(reserved.lease) === keyOfLease(grant.lease)
  return stays ? { kind: 'extended', grant } : { kind: 'withdrawn', lease: grant.lease }
}

function isKeptForAnother(lease: NamedLease, client: BindingClient, context: RequestContext): boolean {
  return context.pools.reservations.isForAnother(keyOfLease(lease), client)
}

function isSameLease(one: NamedLease, other: NamedLease): boolean {
  return keyOfLease(one) === keyOfLease(other)
}

function keyOfLease({ kind, prefix }: NamedLease): BindingKey {
  return bindingKey(kind, prefix)
}

/** Certainly not of this link. A prefix of no pool may be another server's: nothing is known of it. */
function isOffLink({ kind, prefix }: NamedLease, context: RequestContext): boolean {
  if (kind === 'address') {
    return !context.link.subnets.some((subnet) => prefixContains(subnet.prefix, prefix.address))
  }
  const pool = context.pools.find('prefix', prefix)
  return pool !== undefined && !context.link.subnets.some(({ id }) => id === pool.subnet.id)
}
