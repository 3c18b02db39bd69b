/** The text that Prometheus reads, from a published view. */
import { routeExamples } from '@tandem/api-contract'
import type { PoolForecasts } from '@tandem/api-contract'
import { instant } from '@tandem/engine'
import { afterEach, expect, test } from 'vitest'
import type { PublishedView } from '../../engine/engine-service.ts'
import { noEvents } from '../../engine/event-counts.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { noCommands } from '../../http/test-support/no-commands.ts'

const rate = { from: 'own-free', free: '5', perHour: 3, windowSeconds: 600 } as const
const forecasts: PoolForecasts = {
  present: { ...rate, outcome: 'not-at-this-rate', at: null },
  ifPartnerDown: { ...rate, outcome: 'runs-out', at: new Date(1_796_000_000_000).toISOString() },
}

const view: PublishedView = {
  commitNumber: 9,
  publishedAtMs: 5000,
  certificates: [
    {
      relationship: 'main',
      own: { names: ['alpha'], endsAtMs: 90_000, fingerprint: 'AA' },
      partner: undefined,
      problem: undefined,
    },
  ],
  counters: {
    datagramsReceived: 3,
    datagramsSent: 2,
    datagramsUnanswered: { 'failover-state': 1 },
    receivedByType: { SOLICIT: 2, 'INFORMATION-REQUEST': 1 },
    sentByType: { ADVERTISE: 2 },
    framesReceived: 5,
    framesSent: 6,
    framesMalformed: 0,
    partnerMessages: [{ relationship: 'main', direction: 'sent', type: 'BNDUPD', count: 21 }],
    commits: 4,
    commitLatencyMsMedian: 1,
    commitLatencyMsMax: 9000,
    commitLatency: {
      sumMs: 9010,
      buckets: [
        { upToMs: 0.5, count: 1 },
        { upToMs: 5, count: 3 },
      ],
    },
    events: {
      ...noEvents,
      leaseChanges: [
        { subnetId: '2001:db8::/64', kind: 'address', change: 'granted', cause: 'client', count: 7 },
        { subnetId: '2001:db8::/64', kind: 'address', change: 'granted', cause: 'partner', count: 2 },
      ],
      updateRejections: [{ relationship: 'main', by: 'partner', statusCode: 16, count: 1 }],
      stateChanges: [{ relationship: 'main', from: 'STARTUP', to: 'NORMAL', count: 1 }],
    },
  },
  snapshot: {
    takenAt: instant(5000),
    listenersDown: [],
    blindSince: undefined,
    pools: [
      {
        id: 'p "1"',
        subnetId: '2001:db8::/64',
        kind: 'address',
        relationship: 'main',
        delegatedLength: undefined,
        total: 1n << 64n,
        leased: 7n,
        ownFree: 1n << 63n,
        partnerFree: (1n << 63n) - 9n,
        quarantined: 1n,
        waiting: 1n,
        reserved: 0n,
        drain: {
          since: instant(1000),
          operator: 'ann',
          reason: 'moved',
          leasesLeft: 7,
          reservedInUse: 0,
          lastEndAt: instant(9000),
        },
      },
    ],
    relationships: [
      {
        name: 'main',
        role: 'primary',
        partnerName: 'beta',
        state: 'NORMAL',
        stateSince: instant(2500),
        previousState: undefined,
        answers: 'everyone',
        activeStandby: false,
        blind: undefined,
        partner: undefined,
        communicationsOk: true,
        lastHeardFromPartnerAt: undefined,
        connection: { phase: 'established', since: instant(2500), secured: true, lastProblem: undefined },
        partnerInformed: true,
        clockSkewMs: -250,
        unansweredClients: { count: 0, alarmAt: undefined, alarm: false },
        mcltSeconds: 3600,
        updatesOwed: 12,
        oldestUpdateOwedSince: undefined,
        updatesUnacked: 3,
        partnerMaxUnackedUpdates: 256,
        resync: undefined,
        deadlines: [],
        imbalances: undefined,
        handedOver: undefined,
        commands: { ...noCommands, declarePartnerDown: { allowed: false, because: 'x' } },
      },
    ],
  },
}

let metrics: Metrics | undefined

afterEach(() => metrics?.close())

async function lines(keaNames = false): Promise<ReadonlySet<string>> {
  metrics = createMetrics({
    forecasts: () => forecasts,
    webhooks: () => [{ name: 'routes', accepted: 3, refused: 1, events: 40, failures: 0 }],
    comparisons: () => [
      routeExamples.getTableComparison.answer,
      { ...routeExamples.startTableComparison.answer, relationship: 'runs' },
    ],
    engineService: { view: () => view },
    version: '1.2.3',
    serverName: 'alpha',
    startedAtMs: 1000,
    keaNames,
  })
  return new Set((await metrics.text()).split('\n'))
}

test('what the data plane has counted and what it is now stand under names of our own', async () => {
  const found = await lines()
  const pool = 'pool="p \\"1\\"",subnet="2001:db8::/64",kind="address",relationship="main"'
  for (const line of [
    'tandem_build_info{version="1.2.3",server="alpha"} 1',
    '# TYPE tandem_datagrams_received_total counter',
    'tandem_datagrams_received_total{type="SOLICIT"} 2',
    'tandem_webhook_deliveries_total{webhook="routes",outcome="refused"} 1',
    'tandem_webhook_events_total{webhook="routes"} 40',
    'tandem_webhook_failures{webhook="routes"} 0',
    'tandem_table_comparison_compared_leases{relationship="alpha-beta"} 2515',
    'tandem_table_comparison_differing_leases{relationship="alpha-beta"} 2',
    `tandem_table_comparison_ended_timestamp_seconds{relationship="alpha-beta"} ${Date.parse('2026-11-27T03:12:15.412Z') / 1000}`,
    'tandem_datagrams_unanswered_total{reason="failover-state"} 1',
    'tandem_lease_changes_total{subnet="2001:db8::/64",kind="address",change="granted",cause="client"} 7',
    'tandem_failover_transitions_total{relationship="main",from="STARTUP",to="NORMAL"} 1',
    `tandem_pool_size{${pool}} 18446744073709552000`,
    `tandem_pool_leases{${pool},state="leased"} 7`,
    `tandem_pool_draining{${pool}} 1`,
    `tandem_pool_draining_leases{${pool}} 7`,
    'tandem_failover_state{relationship="main",role="primary",state="NORMAL"} 1',
    'tandem_failover_state{relationship="main",role="primary",state="PARTNER-DOWN"} 0',
    'tandem_failover_partner_state{relationship="main",role="primary",state="NORMAL"} 0',
    'tandem_failover_state_since_timestamp_seconds{relationship="main"} 2.5',
    'tandem_failover_messages_total{relationship="main",direction="sent",type="BNDUPD"} 21',
    'tandem_failover_contact{relationship="main"} 1',
    'tandem_failover_clock_skew_seconds{relationship="main"} -0.25',
    'tandem_failover_updates_owed{relationship="main"} 12',
    'tandem_certificate_ends_timestamp_seconds{relationship="main",owner="own"} 90',
    'tandem_view_timestamp_seconds 5',
  ]) {
    expect(found).toContain(line)
  }
  expect([...found].filter((line) => line.startsWith('tandem_failover_last_heard'))).toEqual([])
  expect([...found].filter((line) => line.startsWith('kea_'))).toEqual([])
  expect([...found].some((line) => line.includes('relationship="runs"'))).toBe(false)
  expect([...found].some((line) => line.startsWith('process_resident_memory_bytes '))).toBe(true)
})

test('commits are a histogram, in which the last bucket has all of them', async () => {
  const found = [...(await lines())].filter((line) => line.includes('tandem_commit_duration_seconds'))
  expect(found.slice(1)).toEqual([
    '# TYPE tandem_commit_duration_seconds histogram',
    'tandem_commit_duration_seconds_bucket{le="0.0005"} 1',
    'tandem_commit_duration_seconds_bucket{le="0.005"} 3',
    'tandem_commit_duration_seconds_bucket{le="+Inf"} 4',
    'tandem_commit_duration_seconds_sum 9.01',
    'tandem_commit_duration_seconds_count 4',
  ])
})

test("Kea's names stand beside them where that is wished", async () => {
  const found = await lines(true)
  const subnet = 'subnet="2001:db8::/64",subnet_id="2001:db8::/64",prefix="2001:db8::/64"'
  for (const line of [
    'kea_dhcp6_packets_received_total{operation="solicit"} 2',
    'kea_dhcp6_packets_received_total{operation="infrequest"} 1',
    `kea_dhcp6_na_assigned_total{${subnet}} 7`,
    `kea_dhcp6_cumulative_nas_assigned_total{${subnet}} 9`,
    `kea_dhcp6_pool_na_assigned_total{${subnet},pool_id="p \\"1\\""} 7`,
  ]) {
    expect(found).toContain(line)
  }
})

test('when a pool runs out is a time, and absent where it does not', async () => {
  const found = await lines()
  const labels = 'pool="p \\"1\\"",subnet="2001:db8::/64",kind="address",relationship="main"'
  expect([...found].filter((line) => line.startsWith('tandem_pool_runs_out_timestamp_seconds'))).toEqual([
    `tandem_pool_runs_out_timestamp_seconds{${labels},if="partner-down"} 1796000000`,
  ])
})
