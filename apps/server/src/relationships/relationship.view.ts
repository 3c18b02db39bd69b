/** A relationship as the API shows it: the engine's snapshot, the configuration around it, and the words for both. */
import type { Certificate, PartnerView, Relationship, Transition } from '@tandem/api-contract'
import type { CommandAllowance, RelationshipSnapshot } from '@tandem/engine'
import type { ServerConfiguration } from '../configuration/server-configuration.ts'
import type { PartnerCertificates, PublishedView } from '../engine/engine-service.ts'
import { countOf, failoverStateOf, isoOf, isoOrNull } from '../http/view-values.ts'
import type { TransitionRow } from '../storage/transitions.queries.ts'
import { partnerCountsOf } from './partner-counts.ts'
import { describeSituation } from './situation.ts'

export interface RelationshipSources {
  readonly configuration: ServerConfiguration
  readonly published: PublishedView
  readonly snapshot: RelationshipSnapshot
  /** The last 20, newest first. */
  readonly transitions: readonly TransitionRow[]
  /** null: no private channel. */
  readonly partnerView: PartnerView | null
  readonly nowMs: number
}

export function toRelationshipView(sources: RelationshipSources): Relationship {
  const { configuration, published, snapshot, transitions, nowMs } = sources
  const { node, engine } = configuration
  const link = node.partnerLinks.find(({ relationship }) => relationship === snapshot.name)
  const configured = engine.relationships.find(({ name }) => name === snapshot.name)
  if (configured === undefined) throw new Error(`the engine knows ${snapshot.name}, the configuration does not`)
  const { transport, keepaliveSeconds } = configured
  const certificates = published.certificates.find(({ relationship }) => relationship === snapshot.name)
  const situation = describeSituation({
    serverName: node.name,
    snapshot,
    nowMs,
    rebindSecondsMax: rebindSecondsMax(configuration, snapshot.name),
    transport,
    certificates,
  })
  return {
    name: snapshot.name,
    role: snapshot.role,
    serverName: node.name,
    partnerName: snapshot.partnerName,
    partnerRole: snapshot.role === 'primary' ? 'secondary' : 'primary',
    ...situation,
    next: [...situation.next],
    notes: [...situation.notes],
    state: failoverStateOf(snapshot.state),
    stateSince: isoOf(snapshot.stateSince),
    previousState: snapshot.previousState === undefined ? null : failoverStateOf(snapshot.previousState),
    partnerDownSince: isoOrNull(snapshot.partnerDownSince),
    answers: snapshot.answers,
    activeStandby: snapshot.activeStandby,
    partner: toPartnerView(snapshot.partner),
    partnerConsoleUrl: link?.partnerConsoleUrl ?? null,
    partnerView: sources.partnerView,
    communicationsOk: snapshot.communicationsOk,
    lastHeardFromPartnerAt: isoOrNull(snapshot.lastHeardFromPartnerAt),
    connection: {
      phase: snapshot.connection.phase,
      since: isoOf(snapshot.connection.since),
      secured: snapshot.connection.secured,
      transport,
      lastProblem: snapshot.connection.lastProblem ?? null,
      certificates: certificates === undefined ? null : toCertificatesView(certificates),
    },
    partnerInformed: snapshot.partnerInformed,
    clockSkewMs: snapshot.clockSkewMs ?? null,
    unansweredClients: { ...snapshot.unansweredClients, alarmAt: snapshot.unansweredClients.alarmAt ?? null },
    mcltSeconds: snapshot.mcltSeconds,
    keepaliveSeconds,
    updatesOwed: countOf(snapshot.updatesOwed),
    oldestUpdateOwedSince: snapshot.oldestUpdateOwedSince === undefined ? null : isoOf(snapshot.oldestUpdateOwedSince),
    updatesUnacked: countOf(snapshot.updatesUnacked),
    partnerMaxUnackedUpdates: snapshot.partnerMaxUnackedUpdates ?? null,
    ...partnerCountsOf(published.counters, snapshot.name),
    resync: snapshot.resync === undefined ? null : toResyncView(snapshot.resync),
    imbalances: toImbalancesView(snapshot.imbalances),
    drainingPools: drainingPoolsOf(published, snapshot.name),
    handedOver: toHandedOverView(snapshot.handedOver),
    deadlines: snapshot.deadlines.map(({ kind, at }) => ({ kind, at: isoOf(at) })),
    commands: toCommandsView(snapshot.commands),
    transitions: transitions.map(toTransitionView),
    commitNumber: countOf(published.commitNumber),
    publishedAt: isoOf(published.publishedAtMs),
  }
}

function toCommandsView(commands: RelationshipSnapshot['commands']): Relationship['commands'] {
  return {
    declarePartnerDown: toAllowanceView(commands.declarePartnerDown),
    handOver: toAllowanceView(commands.handOver),
    takeBack: toAllowanceView(commands.takeBack),
    resync: toAllowanceView(commands.resync),
    rebalance: toAllowanceView(commands.rebalance),
  }
}

function toAllowanceView(allowance: CommandAllowance): Relationship['commands']['declarePartnerDown'] {
  return {
    allowed: allowance.allowed,
    needsForce: allowance.allowed && allowance.needsForce,
    forceAdmits: (allowance.allowed ? allowance.forceAdmits : undefined) ?? null,
    because: allowance.because,
  }
}

function toImbalancesView(imbalances: RelationshipSnapshot['imbalances']): Relationship['imbalances'] {
  if (imbalances === undefined) return null
  return imbalances.map(({ pool, direction, leases }) => ({ pool, direction, leases: countOf(leases) }))
}

function toHandedOverView(handedOver: RelationshipSnapshot['handedOver']): Relationship['handedOver'] {
  if (handedOver === undefined) return null
  return { since: isoOf(handedOver.since), operator: handedOver.operator, reason: handedOver.reason }
}

function drainingPoolsOf({ snapshot }: PublishedView, relationship: string): Relationship['drainingPools'] {
  return snapshot.pools.flatMap((pool) =>
    pool.relationship === relationship && pool.drain !== undefined ? [pool.id] : [],
  )
}

function toResyncView({ direction, done, total }: NonNullable<RelationshipSnapshot['resync']>): Relationship['resync'] {
  return { direction, done: countOf(done), total: total === undefined ? null : countOf(total) }
}

function toCertificatesView({ own, partner, problem }: PartnerCertificates) {
  return { own: toCertificateView(own), partner: toCertificateView(partner), problem: problem ?? null }
}

function toCertificateView(certificate: PartnerCertificates['own']): Certificate | null {
  if (certificate === undefined) return null
  const { names, endsAtMs, fingerprint } = certificate
  return { names: [...names], endsAt: isoOf(endsAtMs), fingerprint }
}

function toPartnerView(partner: RelationshipSnapshot['partner']): Relationship['partner'] {
  if (partner === undefined) return null
  return {
    state: failoverStateOf(partner.state),
    since: isoOf(partner.since),
    startup: partner.startup,
    partnerDownSince: isoOrNull(partner.partnerDownSince),
  }
}

/** The longest T2 among the subnets of a relationship: after it every client of a silent server has turned away. */
export function rebindSecondsMax({ engine }: ServerConfiguration, relationship: string): number | undefined {
  const seconds = engine.subnets
    .filter((subnet) => subnet.relationship === relationship)
    .map(({ lifetimes }) => Math.round(lifetimes.preferredSeconds * lifetimes.t2Fraction))
  return seconds.length === 0 ? undefined : Math.max(...seconds)
}

export function toTransitionView(row: TransitionRow): Transition {
  return {
    id: String(row.id),
    relationship: row.relationship,
    at: isoOf(Number(row.at)),
    from: failoverStateOf(row.fromState),
    to: failoverStateOf(row.toState),
    cause: row.cause,
    rule: row.rule,
    // The contract's schema checks it once more before it leaves.
    inputs: JSON.parse(row.inputs) as Transition['inputs'],
    operator: row.operator,
  }
}
