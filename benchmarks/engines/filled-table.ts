/** Any number of active leases as storage would hand them to an engine at its start, told to and acknowledged by the partner. */
import type { Binding, EndpointRecord, RestoredState, Role } from '@tandem/engine'
import { addSeconds, type Instant } from '@tandem/engine'
import type { Ipv6Address } from '@tandem/protocol'
import { firstLease, RELATIONSHIP, VALID_SECONDS } from './bench-configuration.ts'
import { clientDuid } from './client-octets.ts'

/** Every client's last exchange was within the hour before the start. */
const HEARD_WITHIN_SECONDS = 3600

/** What the primary would have given: the odd ones, in their order. */
export function leaseOf(client: number): Ipv6Address {
  return (firstLease + 2n * BigInt(client) + 1n) as Ipv6Address
}

export function restoredWith(leases: number, role: Role | undefined, startedAt: Instant): RestoredState {
  return {
    bindings: bindings(leases, role, startedAt),
    endpoints: role === undefined ? [] : [endpointInNormal(startedAt)],
    reservations: [],
    drains: [],
    lastCommitAt: startedAt,
    ranUntil: startedAt,
  }
}

function* bindings(leases: number, role: Role | undefined, startedAt: Instant): Generator<Binding> {
  for (let client = 0; client < leases; client += 1) yield activeBinding(client, role, startedAt)
}

export function activeBinding(client: number, role: Role | undefined, startedAt: Instant): Binding {
  const heardAt = addSeconds(startedAt, -((client * 7) % HEARD_WITHIN_SECONDS))
  const expiresAt = addSeconds(heardAt, VALID_SECONDS)
  const partnerTold = role === undefined ? undefined : addSeconds(expiresAt, VALID_SECONDS)
  return {
    kind: 'address',
    prefix: { address: leaseOf(client), length: 128 },
    subnetId: '2001:db8:1::/64',
    relationship: role === undefined ? undefined : RELATIONSHIP,
    status: 'ACTIVE',
    client: { duid: clientDuid(client), iaType: 'IA_NA', iaid: 1 },
    statusSince: heardAt,
    statusExpiresAt: expiresAt,
    t1Seconds: 21_600,
    t2Seconds: 34_560,
    preferredSeconds: 43_200,
    validSeconds: VALID_SECONDS,
    clientHeardAt: role === 'secondary' ? undefined : heardAt,
    partnerHeardClientAt: role === 'secondary' ? heardAt : undefined,
    expirationTime: role === 'secondary' ? partnerTold : undefined,
    ackedPartnerLifetime: role === 'primary' ? partnerTold : undefined,
    partnerLifetime: undefined,
    owedToPartner: false,
    updateSent: false,
    relayData: undefined,
    clientFqdn: undefined,
  }
}

/** Both were in NORMAL and in contact until a moment ago. */
function endpointInNormal(startedAt: Instant): EndpointRecord {
  const since = addSeconds(startedAt, -HEARD_WITHIN_SECONDS)
  return {
    relationship: RELATIONSHIP,
    state: 'NORMAL',
    previousState: 'RECOVER-DONE',
    stateSince: since,
    partner: {
      state: 'NORMAL',
      since,
      startup: false,
      ackStartup: false,
      communicated: true,
      partnerDownSince: undefined,
    },
    lastHeardFromPartnerAt: startedAt,
    inContact: true,
    partnerStoppedAt: undefined,
    communicated: true,
    mcltSeconds: 3600,
    earlierMclt: undefined,
    handedOver: undefined,
    fullResyncOwed: false,
    timeOfFailure: undefined,
    lastPromiseAt: startedAt,
  }
}
