/** Lifetimes and renewal times of one answer (RFC 9915 §21.4, §18.2.4; RFC 8156 section 4.4). */
import type { Binding, BindingClient } from '../bindings/binding.ts'
import type { Subnet } from '../configuration/configuration.ts'
import type { Grant } from './answer.ts'
import type { NamedLease } from './client-request.ts'
import { DRAINED_PREFERRED_SECONDS, drainedLifetime, renewedAfterSeconds, setsRenewalTimes } from './drained-lease.ts'
import type { RequestContext } from './request-context.ts'

/** Undefined where the policy leaves no whole second: such a lease is of no use to a client. */
export function grantLease(
  lease: NamedLease,
  client: BindingClient,
  subnet: Subnet,
  previous: Binding | undefined,
  context: RequestContext,
): Grant | undefined {
  const desired = subnet.lifetimes
  const allowed = context.policy.lifetime(subnet.relationship, previous, desired.validSeconds, context.now)
  const isDrained = context.pools.drains.takesBack(lease.kind, lease.prefix)
  const lifetime = isDrained ? drainedLifetime(allowed, previous, context.now) : allowed
  if (lifetime.validSeconds < 1) return undefined
  // A shortened lease keeps the proportions of the desired one, so that T1 and T2 come well before its end.
  const share = Math.min(1, lifetime.validSeconds / desired.validSeconds)
  const preferredSeconds = isDrained
    ? DRAINED_PREFERRED_SECONDS
    : Math.min(lifetime.validSeconds, Math.floor(desired.preferredSeconds * share))
  const { kind, prefix } = lease
  return { lease: { kind, prefix }, client, subnet, previous, preferredSeconds, lifetime, isDrained }
}

export interface RenewalTimes {
  readonly t1Seconds: number
  readonly t2Seconds: number
}

/** The same T1 and T2 for all IAs of an answer, so that the client renews them together; the shortest lease sets them. */
export function renewalTimes(grants: readonly Grant[]): RenewalTimes {
  let t1Seconds = Number.POSITIVE_INFINITY
  let t2Seconds = Number.POSITIVE_INFINITY
  for (const grant of grants) {
    if (!setsRenewalTimes(grant, grants)) continue
    const { t1Fraction, t2Fraction } = grant.subnet.lifetimes
    t1Seconds = Math.min(t1Seconds, renewedAfterSeconds(grant, t1Fraction))
    t2Seconds = Math.min(t2Seconds, renewedAfterSeconds(grant, t2Fraction))
  }
  // Zero leaves the times to the client's discretion.
  if (grants.length === 0) return { t1Seconds: 0, t2Seconds: 0 }
  return { t1Seconds: Math.min(t1Seconds, t2Seconds), t2Seconds }
}
