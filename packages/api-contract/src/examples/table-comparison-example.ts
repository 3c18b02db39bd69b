/** A comparison of two pools that found one lease of which the partner has no record, and one that differs. */
import type { TableComparison } from '../resources/table-comparison.ts'

export const tableComparisonExample: TableComparison = {
  relationship: 'alpha-beta',
  serverName: 'alpha',
  partnerName: 'beta',
  state: 'done',
  startedBy: 'ann',
  startedAt: '2026-11-27T03:12:08.000Z',
  endedAt: '2026-11-27T03:12:15.412Z',
  problem: null,
  pools: [
    {
      poolId: '2001:db8:1::1000-2001:db8:1::1fff',
      subnetId: '2001:db8:1::/64',
      kind: 'address',
      compared: '2204',
      agree: '2199',
      differ: '1',
      onlyHere: '1',
      onlyThere: '0',
      moving: '3',
    },
    {
      poolId: '2001:db8:8000::/40-56',
      subnetId: '2001:db8:1::/64',
      kind: 'prefix',
      compared: '311',
      agree: '311',
      differ: '0',
      onlyHere: '0',
      onlyThere: '0',
      moving: '0',
    },
  ],
  compared: '2515',
  moving: '3',
  differing: '2',
  differences: [
    {
      lease: '2001:db8:1::1f3',
      key: '2001:db8:1::1f3',
      kind: 'address',
      poolId: '2001:db8:1::1000-2001:db8:1::1fff',
      outcome: 'differs',
      state: 'active',
    },
    {
      lease: '2001:db8:1::1f4',
      key: '2001:db8:1::1f4',
      kind: 'address',
      poolId: '2001:db8:1::1000-2001:db8:1::1fff',
      outcome: 'only-here',
      state: 'active',
    },
  ],
  repair: null,
}

export const runningTableComparisonExample: TableComparison = {
  ...tableComparisonExample,
  state: 'running',
  endedAt: null,
  pools: [],
  compared: '0',
  moving: '0',
  differing: '0',
  differences: [],
}

export const repairedTableComparisonExample: TableComparison = {
  ...tableComparisonExample,
  repair: {
    at: '2026-11-27T03:14:40.020Z',
    by: 'ann',
    reason: 'beta came back from a snapshot of its disk',
    told: '2',
    refused: [],
  },
}
