/** A pool of a subnet, as an example of what the API answers. */
import type { PoolForecast } from '../resources/pool-forecast.ts'
import type { PartnerPool, Pool, PoolPoint } from '../resources/pools.ts'

export const poolExample: Pool = {
  id: '2001:db8:1::-2001:db8:1::ffff:ffff:ffff:ffff',
  subnetId: 'offices',
  kind: 'address',
  relationship: 'alpha-beta',
  delegatedLength: null,
  total: '18446744073709551616',
  leased: '4711',
  ownFree: '9223372036854773452',
  partnerFree: '9223372036854773451',
  quarantined: '1',
  waiting: '0',
  reserved: '1',
  draining: null,
  partnerDraining: false,
  forecast: {
    present: {
      outcome: 'not-within-a-year',
      at: null,
      from: 'own-free',
      free: '9223372036854773452',
      perHour: 18,
      windowSeconds: 3600,
    },
    ifPartnerDown: {
      outcome: 'not-within-a-year',
      at: null,
      from: 'own-free',
      free: '9223372036854773452',
      perHour: 18,
      windowSeconds: 3600,
    },
  },
}

const givesNone: PoolForecast = {
  outcome: 'gives-none',
  at: null,
  from: null,
  free: '0',
  perHour: 18,
  windowSeconds: 3600,
}

export const drainedPoolExample: Pool = {
  ...poolExample,
  draining: {
    since: '2026-11-27T03:12:09.412Z',
    operator: 'ada',
    reason: 'the offices get another prefix',
    leasesLeft: '4710',
    emptyBy: '2026-11-27T04:12:07.030Z',
    reservedInUse: '1',
  },
  forecast: { present: givesNone, ifPartnerDown: givesNone },
}

export const poolPointExample: PoolPoint = {
  at: '2026-11-27T03:00:00.000Z',
  total: '18446744073709551616',
  leased: '4702',
  ownFree: '9223372036854773456',
  partnerFree: '9223372036854773456',
  quarantined: '1',
  waiting: '0',
  reserved: '1',
}

export const partnerPoolExample: PartnerPool = {
  serverName: 'beta',
  outcome: 'told',
  problem: null,
  asOf: '2026-11-27T03:12:08.000Z',
  counts: {
    total: poolExample.total,
    leased: poolExample.leased,
    ownFree: poolExample.partnerFree,
    partnerFree: poolExample.ownFree,
    quarantined: poolExample.quarantined,
    waiting: poolExample.waiting,
    reserved: poolExample.reserved,
  },
}
