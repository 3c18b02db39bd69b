/**
 * Figures under the names that exporters for Kea use, so that dashboards made for them show something. Opt-in: several are
 * gauges that are called totals. Labels: our identifier of a subnet, which is its prefix, stands for theirs.
 */
import type { Registry } from 'prom-client'
import type { EventCounts, LeaseChange } from '../../engine/event-counts.ts'
import type { PublishedView } from '../../engine/engine-service.ts'
import { defineGauge, type Sample } from './define-metric.ts'

type Pool = PublishedView['snapshot']['pools'][number]
type Kind = Pool['kind']

const SUBNET_LABELS = ['subnet', 'subnet_id', 'prefix'] as const
const subnetLabels = (subnetId: string) => ({ subnet: subnetId, subnet_id: subnetId, prefix: subnetId })

/** Kea's words for messages. */
const OPERATIONS: Readonly<Record<string, string>> = { 'INFORMATION-REQUEST': 'infrequest' }
const operation = (type: string): string => OPERATIONS[type] ?? type.toLowerCase()

const packets = (counts: Readonly<Record<string, number>>): readonly Sample[] =>
  Object.entries(counts).map(([type, value]) => ({ labels: { operation: operation(type) }, value }))

function bySubnet(pools: readonly Pool[], kind: Kind, read: (pool: Pool) => bigint): readonly Sample[] {
  const sums = new Map<string, bigint>()
  for (const pool of pools) {
    if (pool.kind === kind) sums.set(pool.subnetId, (sums.get(pool.subnetId) ?? 0n) + read(pool))
  }
  return [...sums].map(([subnetId, sum]) => ({ labels: subnetLabels(subnetId), value: Number(sum) }))
}

const byPool = (pools: readonly Pool[], kind: Kind, read: (pool: Pool) => bigint): readonly Sample[] =>
  pools
    .filter((pool) => pool.kind === kind)
    .map((pool) => ({ labels: { ...subnetLabels(pool.subnetId), pool_id: pool.id }, value: Number(read(pool)) }))

function changes({ leaseChanges }: EventCounts, kind: Kind, ...wanted: readonly LeaseChange[]): readonly Sample[] {
  const sums = new Map<string, number>()
  for (const each of leaseChanges) {
    if (each.kind !== kind || !wanted.includes(each.change)) continue
    sums.set(each.subnetId, (sums.get(each.subnetId) ?? 0) + each.count)
  }
  return [...sums].map(([subnetId, value]) => ({ labels: subnetLabels(subnetId), value }))
}

function allocationFailures({ allocationFailures: failures }: EventCounts): readonly Sample[] {
  const sums = new Map<string, number>()
  for (const { subnetId, count } of failures) sums.set(subnetId, (sums.get(subnetId) ?? 0) + count)
  return [...sums].map(([subnetId, value]) => ({ labels: subnetLabels(subnetId), value }))
}

export function registerKeaMetrics(registry: Registry, view: () => PublishedView): void {
  const pools = (): readonly Pool[] => view().snapshot.pools
  const events = (): EventCounts => view().counters.events
  const total = (pool: Pool): bigint => pool.total
  const leased = (pool: Pool): bigint => pool.leased
  const gauge = (name: string, help: string, labels: readonly string[], read: () => readonly Sample[]): void =>
    defineGauge(registry, { name: `kea_dhcp6_${name}`, help, labels }, read)
  const poolLabels = [...SUBNET_LABELS, 'pool_id']

  gauge('packets_received_total', 'Packets received.', ['operation'], () => packets(view().counters.receivedByType))
  gauge('packets_sent_total', 'Packets sent.', ['operation'], () => packets(view().counters.sentByType))
  gauge('na_total', 'Addresses.', SUBNET_LABELS, () => bySubnet(pools(), 'address', total))
  gauge('na_assigned_total', 'Leased addresses.', SUBNET_LABELS, () => bySubnet(pools(), 'address', leased))
  gauge('pd_total', 'Prefixes.', SUBNET_LABELS, () => bySubnet(pools(), 'prefix', total))
  gauge('pd_assigned_total', 'Leased prefixes.', SUBNET_LABELS, () => bySubnet(pools(), 'prefix', leased))
  gauge('cumulative_nas_assigned_total', 'Addresses leased since the start.', SUBNET_LABELS, () =>
    changes(events(), 'address', 'granted'),
  )
  gauge('cumulative_pds_assigned_total', 'Prefixes leased since the start.', SUBNET_LABELS, () =>
    changes(events(), 'prefix', 'granted'),
  )
  gauge('addresses_declined_total', 'Addresses in quarantine.', SUBNET_LABELS, () =>
    bySubnet(pools(), 'address', ({ quarantined }) => quarantined),
  )
  gauge('addresses_reclaimed_total', 'Addresses whose lease expired since the start.', SUBNET_LABELS, () =>
    changes(events(), 'address', 'expired'),
  )
  gauge('allocation_fail_total', 'Clients that got no lease since the start.', SUBNET_LABELS, () =>
    allocationFailures(events()),
  )
  gauge('pool_na_total', 'Addresses of a pool.', poolLabels, () => byPool(pools(), 'address', total))
  gauge('pool_na_assigned_total', 'Leased addresses of a pool.', poolLabels, () => byPool(pools(), 'address', leased))
  gauge('pool_pd_total', 'Prefixes of a pool.', poolLabels, () => byPool(pools(), 'prefix', total))
  gauge('pool_pd_assigned_total', 'Leased prefixes of a pool.', poolLabels, () => byPool(pools(), 'prefix', leased))
}
