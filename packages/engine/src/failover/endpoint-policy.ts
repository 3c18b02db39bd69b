/** The service policy of all endpoints, and of subnets that belong to none (RFC 8156 sections 4.2, 4.4, 8). */
import type { Binding } from '../bindings/binding.ts'
import { LifetimeRules } from '../bindings/lifetime-rules.ts'
import { hasBug } from '../deliberate-bug.ts'
import type { Answers } from '../snapshot.ts'
import { addSeconds } from '../time/instant.ts'
import type { EndpointState } from './endpoint-record.ts'
import type { Endpoints } from './endpoints.ts'
import { boundedLifetime, expiresByOwnClockAt, unboundedLifetime } from './lease-lifetime.ts'
import { mayReuseAlone, mayReuseShared, type ReallocationSituation } from './reallocation.ts'
import type { RelationshipEndpoint } from './relationship-endpoint.ts'
import type { AllocationPolicy, Permission, ServicePolicy, SilenceOfState, Unpermitted } from './service-policy.ts'
import { stateTable } from './states/state-table.ts'
import type { AllocatesFrom, StatePolicy } from './states/define-state.ts'

/** A client that hears 255 takes this server without waiting for others (RFC 9915 section 18.2.1). */
const PREFERENCE_OF_PRIMARY = 255
const PREFERENCE_OF_STANDBY = 0

/** The partner may be giving leases of which we do not hear, and no end of that is known. */
const outOfContact: ReadonlySet<EndpointState> = new Set(['COMMUNICATIONS-INTERRUPTED', 'RESOLUTION-INTERRUPTED'])

export function createServicePolicy(endpoints: Endpoints): ServicePolicy {
  const rules = new LifetimeRules()

  /** Undefined: the subnet belongs to no relationship, so this server serves it alone. */
  function endpointOf(relationship: string | undefined): RelationshipEndpoint | undefined {
    if (relationship === undefined) return undefined
    const endpoint = endpoints.get(relationship)
    if (endpoint === undefined) throw new Error(`${relationship} is a configured relationship`)
    return endpoint
  }

  return {
    answers(relationship) {
      const endpoint = endpointOf(relationship)
      if (endpoints.isShuttingDown) return 'nobody'
      return endpoint === undefined ? 'everyone' : answersOf(endpoint)
    },

    offersBesidePrimary(relationship) {
      const endpoint = endpointOf(relationship)
      return endpoint !== undefined && !endpoints.isShuttingDown && offersBesidePrimary(endpoint)
    },

    preference(relationship) {
      const endpoint = endpointOf(relationship)
      if (endpoint?.relationship.activeStandby !== true) return undefined
      return endpoint.role === 'primary' ? PREFERENCE_OF_PRIMARY : PREFERENCE_OF_STANDBY
    },

    sendsElsewhere(relationship) {
      const endpoint = endpointOf(relationship)
      // After a restart there is no offer of ours that a client could take.
      return endpoint?.handOver.stage !== undefined && endpoint.state() !== 'STARTUP'
    },

    silence(relationship) {
      const endpoint = endpointOf(relationship)
      if (endpoint === undefined) return { relationship, rule: undefined, inputs: {} }
      return { relationship, ...silenceOf(endpoint) }
    },

    mayAllocate(relationship) {
      const endpoint = endpointOf(relationship)
      return endpoint === undefined ? { ok: true } : mayAllocateIn(endpoint)
    },

    allocation(relationship) {
      const endpoint = endpointOf(relationship)
      return endpoint === undefined ? { kind: 'whole-pool' } : allocationOf(endpoint)
    },

    lifetime(relationship, binding, desiredSeconds, now) {
      const endpoint = endpointOf(relationship)
      const wish = { binding, desiredSeconds, state: endpoint?.state() }
      if (endpoint === undefined) return unboundedLifetime(wish, 'no failover relationship', rules)
      const policy = policyOf(endpoint)
      const isUnbound = !policy.mcltBound && !endpoint.machine.isPartnerRecovering
      if (isUnbound || isMcltForgotten(endpoint)) return unboundedLifetime(wish, policy.rule, rules)
      return boundedLifetime(wish, endpoint.machine.mcltToPromiseSeconds, now, rules)
    },

    keepsLatestOnly: (relationship) => endpointOf(relationship)?.relationship.doubleLease !== 'both',

    reservationsAgreed(relationship) {
      const endpoint = endpointOf(relationship)
      return endpoint === undefined || endpoint.agreement.isAgreed
    },

    mayReuse(binding, client, now, keptFor) {
      const endpoint = endpointOf(binding.relationship)
      if (endpoint === undefined) return mayReuseAlone(binding, client)
      return mayReuseShared(binding, client, { ...situationOf(endpoint, binding), now, keptFor })
    },

    mayExpireAt: expiresByOwnClockAt,
  }
}

function situationOf(endpoint: RelationshipEndpoint, { kind, prefix }: Binding): Omit<ReallocationSituation, 'now'> {
  return {
    role: endpoint.role,
    mcltSeconds: endpoint.mcltSeconds(),
    partnerDownSince: endpoint.partnerDownSince(),
    isShared: endpoint.pools.isShared(kind, prefix),
    isOutOfContact: outOfContact.has(endpoint.state()),
    sharedUnknown: sharedUnknownIn(endpoint),
  }
}

function silenceOf(endpoint: RelationshipEndpoint): Omit<SilenceOfState, 'relationship'> {
  const inputs = { state: endpoint.state(), role: endpoint.role }
  const handedOver = endpoint.handOver.stage
  if (handedOver === undefined) return { rule: policyOf(endpoint).rule, inputs }
  return { rule: 'decision 0089', inputs: { ...inputs, handedOver } }
}

export function answersOf(endpoint: RelationshipEndpoint): Answers {
  if (endpoint.isShuttingDown || endpoint.handOver.stage !== undefined) return 'nobody'
  const answers = policyOf(endpoint).answers[endpoint.role]
  if (endpoint.state() === 'NORMAL' && hasBug('secondary-answers-in-normal')) return 'everyone'
  if (answers === 'nobody' && endpoint.state() !== 'STARTUP' && hasBug('silent-state-answers')) return 'everyone'
  return answers
}

function isMcltForgotten(endpoint: RelationshipEndpoint): boolean {
  if (hasBug('mclt-forgotten')) return true
  return endpoint.state() === 'COMMUNICATIONS-INTERRUPTED' && hasBug('mclt-forgotten-out-of-contact')
}

function offersBesidePrimary(endpoint: RelationshipEndpoint): boolean {
  return (
    endpoint.relationship.activeStandby &&
    endpoint.role === 'secondary' &&
    endpoint.state() === 'NORMAL' &&
    endpoint.handOver.stage === undefined &&
    !endpoint.isShuttingDown
  )
}

function policyOf(endpoint: RelationshipEndpoint): StatePolicy {
  return stateTable[endpoint.state()].policy
}

function allocatesFrom(endpoint: RelationshipEndpoint): AllocatesFrom {
  if (endpoint.state() === 'RECOVER-DONE' && hasBug('recover-done-allocates')) return 'own'
  return policyOf(endpoint).allocatesFrom[endpoint.role]
}

function mayAllocateIn(endpoint: RelationshipEndpoint): Permission {
  const policy = policyOf(endpoint)
  if (!endpoint.agreement.isSharingSettled) {
    const because =
      'Which address pools are proportional has changed, and the partner may have untold leases of before.'
    return { ok: false, because, rule: 'decision 0078' }
  }
  if (allocatesFrom(endpoint) !== 'nothing') return { ok: true }
  return { ok: false, because: `In ${endpoint.state()} no new lease may be given.`, rule: policy.rule }
}

/** RFC 8156 section 8.11.1: new leases come from the own pool "if it can be determined" (decision 0071). */
function sharedUnknownIn(endpoint: RelationshipEndpoint): Unpermitted | undefined {
  const servedAlone = endpoint.machine.record.partner?.partnerDownSince !== undefined
  if (endpoint.state() !== 'RESOLUTION-INTERRUPTED' || !servedAlone) return undefined
  const because =
    'The partner had served alone, and contact was lost before it could tell which of these leases it gave.'
  return { ok: false, because, rule: 'RFC 8156 8.11.1' }
}

function unknownIn(endpoint: RelationshipEndpoint): { readonly sharedUnknown?: Unpermitted } {
  const sharedUnknown = sharedUnknownIn(endpoint)
  return sharedUnknown === undefined ? {} : { sharedUnknown }
}

function allocationOf(endpoint: RelationshipEndpoint): AllocationPolicy {
  const policy = policyOf(endpoint)
  switch (allocatesFrom(endpoint)) {
    case 'nothing':
      return { kind: 'none', because: `In ${endpoint.state()} no new lease may be given.`, rule: policy.rule }
    case 'own':
      return { kind: 'own', role: endpoint.role, partnersPrefixesFrom: undefined, ...unknownIn(endpoint) }
    case 'own-then-partners-prefixes-after-mclt': {
      const since = endpoint.partnerDownSince()
      const waitSeconds = hasBug('partners-prefixes-at-once') ? 0 : endpoint.mcltSeconds()
      const from = since === undefined ? undefined : addSeconds(since, waitSeconds)
      return { kind: 'own', role: endpoint.role, partnersPrefixesFrom: from }
    }
  }
}
