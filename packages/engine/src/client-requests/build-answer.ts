/** From what was decided for each IA to the options of an ADVERTISE or REPLY (RFC 9915 §18.3.9, §18.3.10). */
import {
  dnsServersOption,
  domainListOption,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  iaPrefixOption,
  iaTaOption,
  MessageType,
  option,
  OptionCode,
  preferenceOption,
  rapidCommitOption,
  statusCodeOption,
  type OptionInstance,
  type Options,
} from '@tandem/protocol'
import { bindingKey, type Binding } from '../bindings/binding.ts'
import type { Subnet } from '../configuration/configuration.ts'
import type { Answered, Grant, IaDecision } from './answer.ts'
import { grantedBinding } from './change-binding.ts'
import {
  originOf,
  reservedFqdn,
  type ClientRequest,
  type IdentifiedRequest,
  type NamedLease,
  type RequestOrigin,
} from './client-request.ts'
import { renewalTimes, type RenewalTimes } from './lease-times.ts'
import type { RequestContext } from './request-context.ts'

/** An offer: nothing is bound by it. */
export function advertise(
  request: IdentifiedRequest,
  context: RequestContext,
  decisions: readonly IaDecision[],
): Answered {
  const offered = decisions.flatMap(({ grants }) => grants)
  return {
    kind: 'answered',
    type: MessageType.Advertise,
    options: [...preferenceOptions(context), ...leaseOptions(request, context, decisions)],
    changes: [],
    offered,
    granted: [],
    failures: decisions.flatMap(({ failure }) => failure ?? []),
  }
}

/** Where a standby offers too, clients have to know which of the two is the primary (decision 0082). */
function preferenceOptions({ served, policy }: RequestContext): Options {
  const preferences = served.flatMap((subnet) => policy.preference(subnet.relationship) ?? [])
  return preferences.length === 0 ? [] : [option(preferenceOption, Math.min(...preferences))]
}

/** A REPLY that binds what it grants. */
export function replyWithLeases(
  request: IdentifiedRequest,
  context: RequestContext,
  decisions: readonly IaDecision[],
): Answered {
  const granted = decisions.flatMap(({ grants }) => grants)
  const times = renewalTimes(granted)
  const origin = originOf(request)
  return {
    kind: 'answered',
    type: MessageType.Reply,
    options: leaseOptions(request, context, decisions),
    changes: [
      ...granted.map((grant) => grantedBinding(grant, times, originWithName(origin, grant, context), context.now)),
      ...decisions.flatMap(({ givenBack }) => givenBack ?? []),
    ],
    offered: [],
    granted,
    failures: decisions.flatMap(({ failure }) => failure ?? []),
  }
}

function originWithName(origin: RequestOrigin, { lease }: Grant, context: RequestContext): RequestOrigin {
  const hostname = context.pools.reservations.get(bindingKey(lease.kind, lease.prefix))?.hostname
  return hostname === undefined ? origin : { ...origin, clientFqdn: reservedFqdn(hostname) }
}

/** The REPLY to a SOLICIT with rapid commit (RFC 9915 §18.3.1). */
export function rapidReply(
  request: IdentifiedRequest,
  context: RequestContext,
  decisions: readonly IaDecision[],
): Answered {
  const reply = replyWithLeases(request, context, decisions)
  return { ...reply, options: [option(rapidCommitOption, true), ...reply.options] }
}

/** A REPLY without leases: to CONFIRM, RELEASE, DECLINE, INFORMATION-REQUEST. */
export function plainReply(options: Options, changes: readonly Binding[] = []): Answered {
  return { kind: 'answered', type: MessageType.Reply, options, changes, offered: [], granted: [], failures: [] }
}

export function statusOption(code: number, message: string): OptionInstance {
  return option(statusCodeOption, { code, message })
}

/** DNS settings of these subnets, as far as the client asked for them (RFC 3646). */
export function dnsOptions(request: ClientRequest, subnets: readonly Subnet[]): Options {
  const options: OptionInstance[] = []
  const servers = new Set(subnets.flatMap(({ dnsServers }) => dnsServers))
  const domains = new Set(subnets.flatMap(({ domainSearch }) => domainSearch))
  if (servers.size > 0 && request.requestedOptions.includes(OptionCode.DnsServers)) {
    options.push(option(dnsServersOption, [...servers]))
  }
  if (domains.size > 0 && request.requestedOptions.includes(OptionCode.DomainList)) {
    options.push(option(domainListOption, [...domains]))
  }
  return options
}

function leaseOptions(request: ClientRequest, context: RequestContext, decisions: readonly IaDecision[]): Options {
  const grants = decisions.flatMap((decision) => decision.grants)
  const times = renewalTimes(grants)
  const from = grants.length > 0 ? [...new Set(grants.map(({ subnet }) => subnet))] : context.served
  return [...decisions.map((decision) => iaOption(decision, times)), ...dnsOptions(request, from)]
}

/** The answer's IA without any lease, with the reason. */
export function iaStatusOption(ia: IaDecision['ia'], code: number, message: string): OptionInstance {
  return iaOption({ ia, grants: [], withdrawn: [], status: { code, message }, failure: undefined }, renewalTimes([]))
}

function iaOption({ ia, grants, withdrawn, status }: IaDecision, times: RenewalTimes): OptionInstance {
  const options = [
    ...grants.map((grant) => leaseOption(grant.lease, grant.preferredSeconds, grant.lifetime.validSeconds)),
    ...withdrawn.map((lease) => leaseOption(lease, 0, 0)),
  ]
  if (status !== undefined) options.push(statusOption(status.code, status.message))
  const { t1Seconds, t2Seconds } = grants.length > 0 ? times : renewalTimes([])
  switch (ia.iaType) {
    case 'IA_NA':
      return option(iaNaOption, { iaid: ia.iaid, t1: t1Seconds, t2: t2Seconds, options })
    case 'IA_PD':
      return option(iaPdOption, { iaid: ia.iaid, t1: t1Seconds, t2: t2Seconds, options })
    case 'IA_TA':
      return option(iaTaOption, { iaid: ia.iaid, options })
  }
}

function leaseOption({ kind, prefix }: NamedLease, preferredLifetime: number, validLifetime: number): OptionInstance {
  return kind === 'address'
    ? option(iaAddressOption, { address: prefix.address, preferredLifetime, validLifetime, options: [] })
    : option(iaPrefixOption, { prefix, preferredLifetime, validLifetime, options: [] })
}
