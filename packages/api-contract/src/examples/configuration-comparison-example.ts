/** Two configurations that differ in one lifetime and one pool. */
import type { ConfigurationComparison } from '../resources/configuration-comparison.ts'

export const configurationComparisonExample: ConfigurationComparison = {
  relationship: 'alpha-beta',
  serverName: 'alpha',
  partnerName: 'beta',
  outcome: 'compared',
  problem: null,
  asOf: '2026-11-27T03:12:08.000Z',
  settings: '31',
  differing: '2',
  differences: [
    {
      group: 'address-pool',
      subnetId: '2001:db8:1::/64',
      setting: '2001:db8:1::1000-2001:db8:1::1fff',
      here: 'independent',
      there: null,
      weight: 'must-agree',
      meaning:
        'The other gives none of its addresses: a part of them is given by nobody, and when it serves alone all are missing.',
    },
    {
      group: 'lifetime',
      subnetId: '2001:db8:1::/64',
      setting: 'lifetimes.valid',
      here: '4h',
      there: '8h',
      weight: 'should-agree',
      meaning: 'A client gets another lifetime, by whichever server answers.',
    },
  ],
}
