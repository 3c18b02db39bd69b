/** Leases of an IA that its client has left behind: the later transaction wins (docs/decisions/0077; RFC 9915 §18.2.4). */
import type { Binding, BindingClient } from '../bindings/binding.ts'
import { latest, secondsUntil, type Instant } from '../time/instant.ts'
import { releasedBinding } from './change-binding.ts'
import type { NamedLease } from './client-request.ts'
import type { RequestContext } from './request-context.ts'

/** The partners' clocks agree within so much (RFC 8156 section 7.1); nearer times are of one transaction. */
const ONE_TRANSACTION_SECONDS = 5
/** No datagram is under way for so long: a message without the lease was sent after the lease was given. */
const DATAGRAM_LIFE_SECONDS = 60

/** Whoever of the partners heard the client of it last. */
function lastHeardAt(binding: Binding): Instant {
  return latest(binding.statusSince, binding.clientHeardAt, binding.partnerHeardClientAt)
}

/** ACTIVE leases of one IA without those that its client did not name when it asked for another one of them. */
export function withoutLeftOut(held: readonly Binding[], context: RequestContext): readonly Binding[] {
  return held.filter((binding) => {
    if (!context.policy.keepsLatestOnly(binding.relationship)) return true
    const of = held.filter(({ relationship }) => relationship === binding.relationship)
    return of.every((other) => secondsUntil(lastHeardAt(binding), lastHeardAt(other)) <= ONE_TRANSACTION_SECONDS)
  })
}

/**
 * A client that renews an IA names all leases that it has in it. What it has left out it does not use any more, so it is
 * given back: before that its record runs to its end, since the client may use both.
 */
export function givenBack(
  client: BindingClient,
  named: readonly NamedLease[],
  renewed: readonly Binding[],
  context: RequestContext,
): readonly Binding[] {
  const relationships = new Set(renewed.map(({ relationship }) => relationship))
  return context.table
    .ofClient(client.duid, client.iaType, client.iaid)
    .filter((binding) => binding.status === 'ACTIVE' && relationships.has(binding.relationship))
    .filter(({ subnetId }) => context.served.some(({ id }) => id === subnetId))
    .filter(({ relationship }) => context.policy.keepsLatestOnly(relationship))
    .filter(({ prefix }) => !named.some((lease) => isSame(lease, prefix)))
    .filter((binding) => secondsUntil(lastHeardAt(binding), context.now) > DATAGRAM_LIFE_SECONDS)
    .map((binding) => releasedBinding(binding, context.now))
}

function isSame(lease: NamedLease, prefix: Binding['prefix']): boolean {
  return lease.prefix.address === prefix.address && lease.prefix.length === prefix.length
}
