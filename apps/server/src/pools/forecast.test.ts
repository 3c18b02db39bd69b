/** When a pool runs out: by the rate that was seen, from what the state lets new clients have, and honestly when nothing can be said. */
import { instant } from '@tandem/engine'
import type { EndpointState, PoolSnapshot, RelationshipSnapshot } from '@tandem/engine'
import { describe, expect, it } from 'vitest'
import { forecastsOf, trendOf } from './forecast.ts'
import type { FreePoint, Situation } from './forecast.ts'
import { noCommands } from '../http/test-support/no-commands.ts'

const NOW = 1_795_744_800_000
const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** 100 own and 60 of the partner's are free. */
const pool: PoolSnapshot = {
  id: 'p',
  subnetId: 's',
  kind: 'address',
  relationship: 'main',
  delegatedLength: undefined,
  total: 1000n,
  leased: 840n,
  ownFree: 100n,
  partnerFree: 60n,
  quarantined: 0n,
  waiting: 0n,
  reserved: 0n,
}

function relationship(state: EndpointState, more: Partial<RelationshipSnapshot> = {}): RelationshipSnapshot {
  const part = {
    state,
    role: 'primary',
    activeStandby: false,
    mcltSeconds: 3600,
    partnerDownSince: undefined,
    imbalances: undefined,
    handedOver: undefined,
    commands: { ...noCommands, declarePartnerDown: { allowed: true, needsForce: false, because: '' } },
    ...more,
  }
  // All that a forecast reads.
  return part as RelationshipSnapshot
}

const secondary = { role: 'secondary' } as const

function situation(of: RelationshipSnapshot | undefined, isShared = false): Situation {
  return { relationship: of, isShared, nowMs: NOW }
}

/** Falls by so many an hour, seen each minute. */
function falling(perHour: number, minutes: number, end = 160): readonly FreePoint[] {
  return Array.from({ length: minutes + 1 }, (_, index) => ({
    atMs: NOW - (minutes - index) * MINUTE,
    free: BigInt(end + Math.round(((minutes - index) * perHour) / 60)),
  }))
}

const at = (ms: number): string => new Date(ms).toISOString()

function present(of: RelationshipSnapshot | undefined, isShared = false, points = falling(20, 60), counts = pool) {
  return forecastsOf(counts, situation(of, isShared), trendOf(points)).present
}

describe('the rate', () => {
  it('is not known before two minutes were seen', () => {
    expect(trendOf([])).toBeUndefined()
    expect(trendOf(falling(60, 1))).toEqual({ atMs: NOW, perHour: undefined, windowMs: MINUTE })
    expect(trendOf(falling(60, 2))).toEqual({ atMs: NOW, perHour: 60, windowMs: 2 * MINUTE })
  })

  it('is that of the last hour, however long there was a look', () => {
    const earlier = falling(6000, 180).map(({ atMs, free }) => ({ atMs: atMs - HOUR, free }))
    expect(trendOf([...earlier.slice(0, -1), ...falling(60, 60)])).toEqual({ atMs: NOW, perHour: 60, windowMs: HOUR })
  })

  it('is that of the last ten minutes when it fell faster in them', () => {
    const quiet = falling(0, 50, 360).map(({ atMs, free }) => ({ atMs: atMs - 10 * MINUTE, free }))
    expect(trendOf([...quiet.slice(0, -1), ...falling(1200, 10)])).toEqual({
      atMs: NOW,
      perHour: 1200,
      windowMs: 10 * MINUTE,
    })
  })

  it('is that of the last hour when a lull has just begun', () => {
    const busy = falling(120, 50).map(({ atMs, free }) => ({ atMs: atMs - 10 * MINUTE, free }))
    expect(trendOf([...busy.slice(0, -1), ...falling(0, 10)])).toMatchObject({ perHour: 100, windowMs: HOUR })
  })

  it('is exact where numbers would not be', () => {
    const huge = 1n << 88n
    const points = [
      { atMs: NOW - HOUR, free: huge },
      { atMs: NOW, free: huge - 7n },
    ]
    expect(trendOf(points)).toMatchObject({ perHour: 7 })
  })
})

describe('a pool runs out', () => {
  it('when all of it is given, of a server without a partner', () => {
    expect(present(undefined)).toEqual({
      outcome: 'runs-out',
      at: at(NOW + 8 * HOUR),
      from: 'all-free',
      free: '160',
      perHour: 20,
      windowSeconds: 3600,
    })
  })

  it.each([
    ['NORMAL', {}, 'own-free', 5],
    ['NORMAL', secondary, 'partner-free', 3],
    ['NORMAL', { activeStandby: true }, 'all-free', 8],
    ['COMMUNICATIONS-INTERRUPTED', {}, 'own-free', 5],
    ['COMMUNICATIONS-INTERRUPTED', secondary, 'own-free', 5],
    ['RESOLUTION-INTERRUPTED', secondary, 'own-free', 5],
    ['CONFLICT-DONE', {}, 'own-free', 5],
    ['PARTNER-DOWN', { partnerDownSince: instant(NOW - 9 * HOUR) }, 'own-free', 5],
  ] as const)('of halves, in %s %o: when %s is given', (state, more, from, hours) => {
    expect(present(relationship(state, more))).toMatchObject({ outcome: 'runs-out', from, at: at(NOW + hours * HOUR) })
  })

  it.each([
    ['NORMAL', {}, 'all-free', 8],
    ['NORMAL', secondary, 'all-free', 8],
    ['COMMUNICATIONS-INTERRUPTED', {}, 'own-free', 5],
    // The partner's may be given before the own ones are gone.
    ['PARTNER-DOWN', { partnerDownSince: instant(NOW) }, 'own-free', 8],
    ['PARTNER-DOWN', { partnerDownSince: instant(NOW - 2 * HOUR) }, 'all-free', 8],
    // And here only afterwards.
    ['PARTNER-DOWN', { partnerDownSince: instant(NOW), mcltSeconds: 6 * 3600 }, 'own-free', 5],
  ] as const)('of shared ones, in %s %o: when %s is given', (state, more, from, hours) => {
    const found = present(relationship(state, more), true)
    expect(found).toMatchObject({ outcome: 'runs-out', from, at: at(NOW + hours * HOUR) })
  })
})

describe('if the partner were declared down', () => {
  const ifDown = (of: RelationshipSnapshot, isShared: boolean) =>
    forecastsOf(pool, situation(of, isShared), trendOf(falling(20, 60))).ifPartnerDown

  it('a half stays a half, and shared ones come after MCLT', () => {
    const interrupted = relationship('COMMUNICATIONS-INTERRUPTED', secondary)
    expect(ifDown(interrupted, false)).toMatchObject({ from: 'own-free', at: at(NOW + 5 * HOUR) })
    expect(ifDown(interrupted, true)).toMatchObject({ from: 'own-free', at: at(NOW + 8 * HOUR) })
    const late = relationship('COMMUNICATIONS-INTERRUPTED', { ...secondary, mcltSeconds: 6 * 3600 })
    expect(ifDown(late, true)).toMatchObject({ at: at(NOW + 5 * HOUR) })
  })

  it('is not said where it cannot be, has been, or has no meaning', () => {
    const refused = { commands: { ...noCommands, declarePartnerDown: { allowed: false, because: '' } } } as const
    expect(ifDown(relationship('RECOVER', refused), false)).toBeNull()
    expect(ifDown(relationship('PARTNER-DOWN'), false)).toBeNull()
    expect(forecastsOf(pool, situation(undefined), undefined).ifPartnerDown).toBeNull()
  })
})

describe('nothing is made up', () => {
  it.each(['STARTUP', 'POTENTIAL-CONFLICT', 'RECOVER', 'RECOVER-WAIT', 'RECOVER-DONE'] as const)(
    'in %s no new client gets a lease',
    (state) => {
      expect(present(relationship(state))).toMatchObject({ outcome: 'gives-none', at: null, from: null, free: '0' })
    },
  )

  it('nor does one of a secondary in CONFLICT-DONE', () => {
    expect(present(relationship('CONFLICT-DONE', secondary)).outcome).toBe('gives-none')
  })

  it('nor from a pool that is drained, whatever the state', () => {
    const drain = {
      since: instant(NOW),
      operator: 'ann',
      reason: 'moved',
      leasesLeft: 840,
      reservedInUse: 0,
      lastEndAt: instant(NOW + HOUR),
    }
    const found = forecastsOf({ ...pool, drain }, situation(relationship('COMMUNICATIONS-INTERRUPTED')), undefined)
    expect([found.present.outcome, found.ifPartnerDown?.outcome]).toEqual(['gives-none', 'gives-none'])
    expect(forecastsOf({ ...pool, drain }, situation(undefined), undefined).ifPartnerDown).toBeNull()
  })

  it('of a pool that was not watched for long', () => {
    expect(present(undefined, false, falling(60, 1))).toMatchObject({
      outcome: 'not-enough-data',
      at: null,
      perHour: null,
      windowSeconds: 60,
    })
    expect(present(undefined, false, [])).toMatchObject({ outcome: 'not-enough-data', windowSeconds: 0 })
  })

  it('of a far end by a short look, but of a near one', () => {
    // 100 own ones: in 30 minutes, in 15, in 10.
    expect(present(relationship('NORMAL'), false, falling(200, 3))).toMatchObject({
      outcome: 'not-enough-data',
      at: null,
      perHour: 200,
      windowSeconds: 180,
    })
    expect(present(relationship('NORMAL'), false, falling(400, 3))).toMatchObject({ at: at(NOW + 15 * MINUTE) })
    expect(present(relationship('NORMAL'), false, falling(600, 2))).toMatchObject({ at: at(NOW + 10 * MINUTE) })
    // From ten minutes on it counts, however far it is.
    expect(present(relationship('NORMAL'), false, falling(60, 10))).toMatchObject({ at: at(NOW + 100 * MINUTE) })
  })

  it('of a pool that does not fall, or grows', () => {
    expect(present(undefined, false, falling(0, 60))).toMatchObject({ outcome: 'not-at-this-rate', perHour: 0 })
    expect(present(undefined, false, falling(-30, 60))).toMatchObject({ outcome: 'not-at-this-rate', perHour: -30 })
  })

  it('of a pool that would last for ages', () => {
    const huge = { ...pool, ownFree: 1n << 63n }
    expect(present(relationship('NORMAL'), false, falling(6000, 60), huge)).toMatchObject({
      outcome: 'not-within-a-year',
      at: null,
      free: '9223372036854775808',
      perHour: 6000,
    })
  })

  it('and of an empty one it says so at once', () => {
    const empty = { ...pool, ownFree: 0n }
    expect(present(relationship('NORMAL'), false, [], empty)).toMatchObject({ outcome: 'empty', at: null })
    // The partner's half helps nobody here.
    expect(present(relationship('PARTNER-DOWN'), false, falling(20, 60), empty).outcome).toBe('empty')
  })
})
