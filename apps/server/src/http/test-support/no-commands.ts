/** For snapshots of tests that are about something else. */
import type { RelationshipSnapshot } from '@tandem/engine'

const notNow = { allowed: false, because: 'not now' } as const

export const noCommands: RelationshipSnapshot['commands'] = {
  declarePartnerDown: notNow,
  handOver: notNow,
  takeBack: notNow,
  resync: notNow,
  rebalance: notNow,
}
