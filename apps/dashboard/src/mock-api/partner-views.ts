/** What beta says of itself over the private channel, as alpha has it. */
import { poolKeyOf, routeExamples } from '@tandem/api-contract'
import type {
  CheckList,
  ConfigurationComparison,
  Lease,
  LeaseComparison,
  LeaseComparisons,
  PartnerLease,
  PartnerPool,
  PartnerTold,
  PartnerView,
  Relationship,
  Timeline,
} from '@tandem/api-contract'
import { now, secondsAgo } from './times.ts'
import type { MockWorld } from './world.ts'

const told: PartnerTold = {
  version: '0.1.0',
  state: 'normal',
  stateSince: secondsAgo(5400),
  answers: 'own-identifier',
  communicationsOk: true,
  lastHeardFromPartnerAt: secondsAgo(1),
  partner: { state: 'normal', since: secondsAgo(5400), startup: false },
  drainingPools: [],
  updatesOwed: '1',
  stale: false,
  clockOffsetMs: 31,
}

export function betaSays(changes: Partial<PartnerTold>): PartnerView {
  return {
    serverName: 'beta',
    channel: { state: 'answers', since: secondsAgo(5398), problem: null },
    asOf: secondsAgo(0),
    told: { ...told, ...changes },
  }
}

/** It was asked last so many seconds ago; what it said then is kept. */
export function betaIsSilent(seconds: number): PartnerView {
  const lastTold = { ...told, lastHeardFromPartnerAt: secondsAgo(seconds + 1) }
  return {
    serverName: 'beta',
    channel: { state: 'silent', since: secondsAgo(seconds - 2), problem: 'connect ECONNREFUSED ::1:6474' },
    asOf: secondsAgo(seconds),
    told: lastTold,
  }
}

/** Asked again just now, where it answers. */
export function askedAgain(view: PartnerView | null): PartnerView | null {
  if (view?.channel.state !== 'answers' || view.told === null) return view
  const heard = view.told.communicationsOk === true ? { lastHeardFromPartnerAt: now() } : {}
  return { ...view, asOf: now(), told: { ...view.told, ...heard } }
}

/** beta has every lease that is active here, knows the end that it acknowledged, and has no record of the others. */
export function partnerLeaseOf(lease: Lease, view: PartnerView | null): PartnerLease {
  const asked = { serverName: 'beta', asOf: now(), problem: null }
  if (view?.channel.state !== 'answers') {
    return {
      ...asked,
      outcome: 'unavailable',
      problem: view?.channel.problem ?? 'there is no private channel',
      record: null,
    }
  }
  if (lease.state !== 'active') return { ...asked, outcome: 'no-record', record: null }
  const { state, stateSince, client, preferredSeconds, validSeconds } = lease
  return {
    ...asked,
    outcome: 'told',
    record: {
      state,
      stateSince,
      stateExpiresAt: lease.ackedPartnerLifetime,
      client,
      preferredSeconds,
      validSeconds,
      clientHeardAt: null,
      expirationTime: lease.ackedPartnerLifetime,
      ackedPartnerLifetime: lease.expirationTime,
      partnerLifetime: null,
      owedToPartner: false,
    },
  }
}

/** As `partnerLeaseOf` says it; of one relationship. */
export function comparisonsOf({ leases, relationships }: MockWorld, keys: readonly string[]): LeaseComparisons {
  const [shared] = relationships
  if (shared === undefined) return { items: [], partners: [] }
  const { channel } = shared.partnerView ?? {}
  const answers = channel?.state === 'answers'
  const outcomeOf = ({ state, owedToPartner, number }: Lease & { readonly number: number }) => {
    if (!answers) return 'unavailable'
    if (owedToPartner) return 'owed'
    if (state !== 'active') return 'no-record'
    return number % 17 === 3 ? 'differs' : 'agrees'
  }
  const items = keys.flatMap((key, number): readonly LeaseComparison[] => {
    const lease = leases.find(key)
    if (lease === undefined) return []
    const outcome = outcomeOf({ ...lease, number })
    return [{ key, relationship: shared.name, outcome, owedBy: outcome === 'owed' ? 'this-server' : null }]
  })
  const problem = answers ? null : (channel?.problem ?? 'there is no private channel')
  return { items, partners: [{ relationship: shared.name, serverName: 'beta', asOf: now(), problem }] }
}

/** As in the example: one pool and one lifetime differ. */
export function configurationsOf({ name, partnerView }: Relationship): ConfigurationComparison {
  const channel = partnerView?.channel
  const { answer } = routeExamples.compareConfigurations
  const asked = { ...answer, relationship: name, asOf: now() }
  if (channel?.state === 'answers') return asked
  const problem = channel?.problem ?? 'there is no private channel'
  return { ...asked, outcome: 'unavailable', problem, settings: '0', differing: '0', differences: [] }
}

/** As in the example; of a partner that is silent nothing. */
export function checksOf({ relationships }: MockWorld): CheckList {
  const { answer } = routeExamples.listChecks
  const channel = relationships[0]?.partnerView?.channel
  const problem = channel?.state === 'answers' ? null : (channel?.problem ?? 'there is no private channel')
  const [own] = answer.servers
  const isTold = ({ serverName }: { readonly serverName: string }): boolean =>
    problem === null || serverName === own?.serverName
  const servers = relationships.length === 0 ? answer.servers.slice(0, 1) : answer.servers
  return {
    servers: servers.map((server) => ({
      ...server,
      asOf: now(),
      ...(isTold(server) ? {} : { outcome: 'unavailable' as const, problem }),
    })),
    items: relationships.length === 0 ? [] : answer.items.filter(isTold),
  }
}

/** As in the example, and as if it had just happened. */
export function timelineOf({ name, partnerView }: Relationship): Timeline {
  const { answer } = routeExamples.getTimeline
  const agoMs = Date.now() - Date.parse(answer.to)
  const moved = (at: string): string => new Date(Date.parse(at) + agoMs).toISOString()
  const channel = partnerView?.channel
  const problem = channel?.state === 'answers' ? null : (channel?.problem ?? 'there is no private channel')
  const isTold = ({ serverName }: { readonly serverName: string }): boolean =>
    problem === null || serverName === answer.servers[0]?.serverName
  return {
    relationship: name,
    from: moved(answer.from),
    to: moved(answer.to),
    servers: answer.servers.map((server) =>
      isTold(server)
        ? { ...server, asOf: moved(server.asOf) }
        : { ...server, asOf: now(), outcome: 'unavailable', problem, stateBefore: null },
    ),
    items: answer.items.filter(isTold).map((entry) => ({
      ...entry,
      at: moved(entry.at),
      ...(entry.kind === 'start' && entry.ranUntil !== null ? { ranUntil: moved(entry.ranUntil) } : {}),
    })),
  }
}

/** beta counts as alpha does, but for a lease that it has not been told of. */
export function partnerPoolOf({ pools, relationships }: MockWorld, key: string): PartnerPool {
  const channel = relationships[0]?.partnerView?.channel
  const asked = { serverName: 'beta', asOf: now(), problem: null }
  if (channel?.state !== 'answers') {
    const problem = channel?.problem ?? 'there is no private channel'
    return { ...asked, outcome: 'unavailable', problem, counts: null }
  }
  const pool = pools.items.find(({ id }) => poolKeyOf(id) === poolKeyOf(key))
  if (pool === undefined) return { ...asked, outcome: 'no-pool', counts: null }
  const { total, leased, ownFree, partnerFree, quarantined, waiting, reserved } = pool
  const counts = { total, quarantined, waiting, reserved, ownFree: partnerFree }
  const untold = pool.kind === 'prefix' ? 1n : 0n
  return {
    ...asked,
    outcome: 'told',
    counts: { ...counts, leased: `${BigInt(leased) - untold}`, partnerFree: `${BigInt(ownFree) + untold}` },
  }
}
