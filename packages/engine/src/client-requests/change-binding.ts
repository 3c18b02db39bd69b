/** The record of a lease after its client was granted it, gave it back or found it in use (RFC 8156 section 7.3). */
import { hasBug } from '../deliberate-bug.ts'
import { sameClient } from '../bindings/binding-table.ts'
import type { Binding } from '../bindings/binding.ts'
import { addSeconds, latest, type Instant } from '../time/instant.ts'
import type { Grant } from './answer.ts'
import type { RequestOrigin } from './client-request.ts'
import type { RenewalTimes } from './lease-times.ts'

export function grantedBinding(grant: Grant, times: RenewalTimes, origin: RequestOrigin, now: Instant): Binding {
  const { lease, client, subnet, previous } = grant
  const sameHolder = previous?.client !== undefined && sameClient(previous.client, client)
  const renewed = sameHolder && previous?.status === 'ACTIVE'
  return {
    kind: lease.kind,
    prefix: lease.prefix,
    subnetId: subnet.id,
    relationship: subnet.relationship,
    status: 'ACTIVE',
    client,
    statusSince: renewed ? previous.statusSince : now,
    statusExpiresAt: endOfPromises(now, grant.lifetime.validSeconds, renewed ? previous.statusExpiresAt : undefined),
    t1Seconds: times.t1Seconds,
    t2Seconds: times.t2Seconds,
    preferredSeconds: grant.preferredSeconds,
    validSeconds: grant.lifetime.validSeconds,
    lifetimeRule: grant.lifetime.rule,
    lifetimeAcked: hasBug('lifetime-misexplained') ? undefined : grant.lifetime.ackedPartnerLifetime,
    clientHeardAt: now,
    partnerHeardClientAt: sameHolder ? previous?.partnerHeardClientAt : undefined,
    // Promises are about one client's lease: the next client's begins without any (RFC 8156 section 4.4).
    expirationTime: sameHolder ? previous?.expirationTime : undefined,
    ackedPartnerLifetime: sameHolder ? previous?.ackedPartnerLifetime : undefined,
    partnerLifetime: sameHolder ? previous?.partnerLifetime : undefined,
    owedToPartner: previous?.owedToPartner ?? false,
    updateSent: renewed ? previous.updateSent : false,
    relayData: origin.relayData,
    clientFqdn: origin.clientFqdn ?? (sameHolder ? previous?.clientFqdn : undefined),
  }
}

/** A shorter lifetime does not take back a longer one: the answer that says so may never reach the client. */
function endOfPromises(now: Instant, validSeconds: number, promisedUntil: Instant | undefined): Instant {
  return latest(addSeconds(now, validSeconds), promisedUntil)
}

/** Without a partner nobody has to acknowledge the end of the lease: it is free at once. */
export function releasedBinding(binding: Binding, now: Instant): Binding {
  const status = binding.relationship === undefined ? 'FREE' : 'RELEASED'
  return { ...binding, status, statusSince: now, statusExpiresAt: undefined, clientHeardAt: now, updateSent: false }
}

/** Something else on the link uses the address (RFC 9915 §18.3.8). */
export function abandonedBinding(binding: Binding, now: Instant): Binding {
  return {
    ...binding,
    status: 'ABANDONED',
    statusSince: now,
    statusExpiresAt: undefined,
    clientHeardAt: now,
    updateSent: false,
  }
}
