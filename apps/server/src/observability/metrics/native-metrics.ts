/** The metrics under their own names, `tandem_*`, taken from the latest published view when they are asked for. */
import { statusCodeName } from '@tandem/protocol'
import { recordedStates, type EndpointState } from '@tandem/engine'
import type { Registry } from 'prom-client'
import type { PublishedView } from '../../engine/engine-service.ts'
import { defineCounter, defineGauge, type Sample } from './define-metric.ts'

const STATES: readonly EndpointState[] = ['STARTUP', ...recordedStates]

const MS = 1000

type Read = (view: PublishedView) => readonly Sample[]

/** Reserved pools hold 2^64 addresses and more: a float is what Prometheus has. */
const one = (value: number | bigint): readonly Sample[] => [{ labels: {}, value: Number(value) }]
const byName = (label: string, counts: Readonly<Record<string, number>>): readonly Sample[] =>
  Object.entries(counts).map(([name, value]) => ({ labels: { [label]: name }, value }))

interface Definition {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
  readonly read: Read
}

const counters: readonly Definition[] = [
  {
    name: 'tandem_datagrams_received_total',
    help: 'Datagrams of clients and relays that came in, by type of message.',
    labels: ['type'],
    read: ({ counters: { receivedByType } }) => byName('type', receivedByType),
  },
  {
    name: 'tandem_datagrams_sent_total',
    help: 'Datagrams sent to clients and relays, by type of message.',
    labels: ['type'],
    read: ({ counters: { sentByType } }) => byName('type', sentByType),
  },
  {
    name: 'tandem_datagrams_unanswered_total',
    help: 'Datagrams that got no answer, by reason.',
    labels: ['reason'],
    read: ({ counters: { datagramsUnanswered } }) => byName('reason', datagramsUnanswered),
  },
  {
    name: 'tandem_failover_frames_received_total',
    help: 'Failover messages that came from partners.',
    labels: [],
    read: ({ counters: { framesReceived } }) => one(framesReceived),
  },
  {
    name: 'tandem_failover_frames_sent_total',
    help: 'Failover messages sent to partners.',
    labels: [],
    read: ({ counters: { framesSent } }) => one(framesSent),
  },
  {
    name: 'tandem_failover_frames_malformed_total',
    help: 'Failover messages that could not be read.',
    labels: [],
    read: ({ counters: { framesMalformed } }) => one(framesMalformed),
  },
  {
    name: 'tandem_failover_messages_total',
    help: 'Failover messages of connections whose relationship is known, by direction and type.',
    labels: ['relationship', 'direction', 'type'],
    read: ({ counters: { partnerMessages } }) =>
      partnerMessages.map(({ relationship, direction, type, count }) => ({
        labels: { relationship, direction, type },
        value: count,
      })),
  },
  {
    name: 'tandem_lease_changes_total',
    help: 'Changes of leases, by what became of the lease and who caused it; subnet is empty for leases in none.',
    labels: ['subnet', 'kind', 'change', 'cause'],
    read: ({ counters: { events } }) =>
      events.leaseChanges.map(({ subnetId, kind, change, cause, count }) => ({
        labels: { subnet: subnetId, kind, change, cause },
        value: count,
      })),
  },
  {
    name: 'tandem_allocation_failures_total',
    help: 'Clients that got no lease because none could be given, by reason.',
    labels: ['subnet', 'kind', 'reason'],
    read: ({ counters: { events } }) =>
      events.allocationFailures.map(({ subnetId, kind, reason, count }) => ({
        labels: { subnet: subnetId, kind, reason },
        value: count,
      })),
  },
  {
    name: 'tandem_failover_updates_rejected_total',
    help: 'Binding updates that this server (us) or the partner refused, by status code.',
    labels: ['relationship', 'by', 'status'],
    read: ({ counters: { events } }) =>
      events.updateRejections.map(({ relationship, by, statusCode, count }) => ({
        labels: { relationship, by, status: statusCodeName(statusCode) },
        value: count,
      })),
  },
  {
    name: 'tandem_failover_transitions_total',
    help: 'Changes of failover state since this process started.',
    labels: ['relationship', 'from', 'to'],
    read: ({ counters: { events } }) =>
      events.stateChanges.map(({ relationship, from, to, count }) => ({
        labels: { relationship, from, to },
        value: count,
      })),
  },
  {
    name: 'tandem_failover_connections_total',
    help: 'Connections to partners, by what happened to them: established, lost, refused, dial-failed, rejected-peer.',
    labels: ['relationship', 'change'],
    read: ({ counters: { events } }) =>
      events.connectionChanges.map(({ relationship, change, count }) => ({
        labels: { relationship, change },
        value: count,
      })),
  },
]

const pool = (read: (pool: PublishedView['snapshot']['pools'][number]) => Readonly<Record<string, bigint>>): Read => {
  return ({ snapshot }) =>
    snapshot.pools.flatMap((each) =>
      Object.entries(read(each)).map(([state, value]) => ({
        labels: {
          pool: each.id,
          subnet: each.subnetId,
          kind: each.kind,
          relationship: each.relationship ?? '',
          ...(state === '' ? {} : { state }),
        },
        value: Number(value),
      })),
    )
}

const ofRelationship = (
  read: (relationship: PublishedView['snapshot']['relationships'][number]) => number | undefined,
): Read => {
  return ({ snapshot }) =>
    snapshot.relationships.flatMap((each) => {
      const value = read(each)
      return value === undefined ? [] : [{ labels: { relationship: each.name }, value }]
    })
}

const stateOf = (
  read: (relationship: PublishedView['snapshot']['relationships'][number]) => EndpointState | undefined,
): Read => {
  return ({ snapshot }) =>
    snapshot.relationships.flatMap((each) =>
      STATES.map((state) => ({
        labels: { relationship: each.name, role: each.role, state },
        value: read(each) === state ? 1 : 0,
      })),
    )
}

const POOL_LABELS = ['pool', 'subnet', 'kind', 'relationship'] as const

const gauges: readonly Definition[] = [
  {
    name: 'tandem_pool_size',
    help: 'Addresses or prefixes in a pool.',
    labels: POOL_LABELS,
    read: pool(({ total }) => ({ '': total })),
  },
  {
    name: 'tandem_pool_leases',
    help: 'Addresses or prefixes of a pool by what they are at the moment; they add up to its size.',
    labels: [...POOL_LABELS, 'state'],
    read: pool(({ leased, ownFree, partnerFree, quarantined, waiting, reserved }) => ({
      leased,
      'own-free': ownFree,
      'partner-free': partnerFree,
      quarantined,
      waiting,
      reserved,
    })),
  },
  {
    name: 'tandem_pool_draining',
    help: '1 while an operator drains the pool on this server: new clients get nothing from it.',
    labels: POOL_LABELS,
    read: pool(({ drain }) => ({ '': drain === undefined ? 0n : 1n })),
  },
  {
    name: 'tandem_pool_draining_leases',
    help: 'Leases in use of a pool that is drained, none of which is extended; absent: it is not drained.',
    labels: POOL_LABELS,
    read: pool(({ drain }) => (drain === undefined ? {} : { '': BigInt(drain.leasesLeft) })),
  },
  {
    name: 'tandem_failover_state',
    help: '1 for the failover state that this server is in, 0 for all others.',
    labels: ['relationship', 'role', 'state'],
    read: stateOf(({ state }) => state),
  },
  {
    name: 'tandem_failover_partner_state',
    help: '1 for the failover state that the partner last told, 0 for all others.',
    labels: ['relationship', 'role', 'state'],
    read: stateOf(({ partner }) => partner?.state),
  },
  {
    name: 'tandem_failover_state_since_timestamp_seconds',
    help: 'When the present failover state began.',
    labels: ['relationship'],
    read: ofRelationship(({ stateSince }) => stateSince / MS),
  },
  {
    name: 'tandem_failover_contact',
    help: '1 while the partner is in contact.',
    labels: ['relationship'],
    read: ofRelationship(({ communicationsOk }) => (communicationsOk ? 1 : 0)),
  },
  {
    name: 'tandem_failover_last_heard_timestamp_seconds',
    help: 'When anything was last heard from the partner; absent: never.',
    labels: ['relationship'],
    read: ofRelationship(({ lastHeardFromPartnerAt }) =>
      lastHeardFromPartnerAt === undefined ? undefined : lastHeardFromPartnerAt / MS,
    ),
  },
  {
    name: 'tandem_failover_clock_skew_seconds',
    help: "How far the partner's clock is behind ours; absent: not known.",
    labels: ['relationship'],
    read: ofRelationship(({ clockSkewMs }) => (clockSkewMs === undefined ? undefined : clockSkewMs / MS)),
  },
  {
    name: 'tandem_failover_updates_owed',
    help: 'Leases that the partner has still to be told of, or has not acknowledged.',
    labels: ['relationship'],
    read: ofRelationship(({ updatesOwed }) => updatesOwed),
  },
  {
    name: 'tandem_failover_oldest_update_owed_timestamp_seconds',
    help: 'When the oldest change of a lease was made that the partner has not acknowledged; absent: nothing is owed.',
    labels: ['relationship'],
    read: ofRelationship(({ oldestUpdateOwedSince: since }) => (since === undefined ? undefined : since / MS)),
  },
  {
    name: 'tandem_failover_updates_unacked',
    help: 'Binding updates that were sent and wait for their acknowledgement.',
    labels: ['relationship'],
    read: ofRelationship(({ updatesUnacked }) => updatesUnacked),
  },
  {
    name: 'tandem_failover_unanswered_clients',
    help: 'Of a secondary in NORMAL: clients that its primary leaves without an answer.',
    labels: ['relationship'],
    read: ofRelationship(({ unansweredClients }) => unansweredClients.count),
  },
  {
    name: 'tandem_failover_mclt_seconds',
    help: 'Maximum client lead time that is in force.',
    labels: ['relationship'],
    read: ofRelationship(({ mcltSeconds }) => mcltSeconds),
  },
  {
    name: 'tandem_listeners_down',
    help: 'Client listeners that hear nobody.',
    labels: [],
    read: ({ snapshot }) => one(snapshot.listenersDown.length),
  },
  {
    name: 'tandem_certificate_ends_timestamp_seconds',
    help: "When the certificate of a failover connection ends: our own, and the partner's as it last showed it.",
    labels: ['relationship', 'owner'],
    read: ({ certificates }) =>
      certificates.flatMap(({ relationship, own, partner }) =>
        Object.entries({ own, partner }).flatMap(([owner, facts]) =>
          facts === undefined ? [] : [{ labels: { relationship, owner }, value: facts.endsAtMs / MS }],
        ),
      ),
  },
  {
    name: 'tandem_view_timestamp_seconds',
    help: 'Of when these figures are. They stand still while the data plane is stalled.',
    labels: [],
    read: ({ publishedAtMs }) => one(publishedAtMs / MS),
  },
]

export function registerNativeMetrics(registry: Registry, view: () => PublishedView): void {
  for (const { read, ...definition } of counters) defineCounter(registry, definition, () => read(view()))
  for (const { read, ...definition } of gauges) defineGauge(registry, definition, () => read(view()))
}
