/** What is left to a client of a lease whose pool is being drained (decision 0117; RFC 9915 sections 18.3.4 and 21.4). */
import type { Binding } from '../bindings/binding.ts'
import type { LifetimeDecision } from '../failover/service-policy.ts'
import { secondsUntil, type Instant } from '../time/instant.ts'
import type { Grant } from './answer.ts'

const RULE = 'decision 0117'

/** Of a pool that is drained a client keeps what it was promised, and gets nothing beyond it. */
export function drainedLifetime(
  allowed: LifetimeDecision,
  previous: Binding | undefined,
  now: Instant,
): LifetimeDecision {
  const promisedUntil = previous?.status === 'ACTIVE' ? previous.statusExpiresAt : undefined
  const validSeconds = promisedUntil === undefined ? 0 : secondsUntil(now, promisedUntil)
  if (validSeconds >= allowed.validSeconds) return allowed
  return { ...allowed, validSeconds, rule: { ...allowed.rule, limitedBy: 'drain', rule: RULE } }
}

/** Deprecated: used by what uses it already, and by nothing new where the client has another one. */
export const DRAINED_PREFERRED_SECONDS = 0

/** What has little left is not asked for again and again. */
const RENEWED_AFTER_SECONDS_MIN = 30

/** T1 or T2 by its fraction: a drained lease has no preferred lifetime, and is asked for again while it is valid. */
export function renewedAfterSeconds({ isDrained, lifetime, preferredSeconds }: Grant, fraction: number): number {
  if (!isDrained) return Math.floor(preferredSeconds * fraction)
  const { validSeconds } = lifetime
  return Math.max(Math.floor(validSeconds * fraction), Math.min(validSeconds, RENEWED_AFTER_SECONDS_MIN))
}

/** A drained lease whose IA has another one besides sets no time: the server is not going to extend it. */
export function setsRenewalTimes(grant: Grant, all: readonly Grant[]): boolean {
  return !grant.isDrained || !all.some((other) => !other.isDrained && isOfSameIa(other, grant))
}

function isOfSameIa({ client: a }: Grant, { client: b }: Grant): boolean {
  return a.iaType === b.iaType && a.iaid === b.iaid
}

/** All that the IA has is going: it needs another lease. */
export function areAllDrained(grants: readonly Grant[]): boolean {
  return grants.length > 0 && grants.every(({ isDrained }) => isDrained)
}
