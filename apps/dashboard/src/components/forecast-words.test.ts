/** Which pool runs out first, and what is said when none does. */
import type { Pool, PoolForecast } from '@tandem/api-contract'
import { describe, expect, it } from 'vitest'
import { poolsWith } from '../mock-api/pools.ts'
import { byUrgency, firstToRunOut, forecastLook, noneRunsOutWords, rateWords } from './forecast-words.ts'

const NOW = Date.UTC(2026, 10, 27, 3, 0, 0)
const HOUR = 3_600_000

function forecast(outcome: PoolForecast['outcome'], hours?: number): PoolForecast {
  const at = hours === undefined ? null : new Date(NOW + hours * HOUR).toISOString()
  return { outcome, at, from: 'own-free', free: '7', perHour: 12, windowSeconds: 3600 }
}

function pool(id: string, present: PoolForecast, ifPartnerDown: PoolForecast | null = null): Pool {
  const [template] = poolsWith(7).items
  if (template === undefined) throw new Error('there is always one')
  return { ...template, id, forecast: { present, ifPartnerDown } }
}

const pools = [
  pool('never', forecast('not-at-this-rate'), forecast('runs-out', 1)),
  pool('late', forecast('runs-out', 9), forecast('not-within-a-year')),
  pool('soon', forecast('runs-out', 3), forecast('runs-out', 2)),
]

describe('the first pool to run out', () => {
  it('is the one with the least time, in each case', () => {
    expect(firstToRunOut(pools, 'present')?.pool.id).toBe('soon')
    expect(firstToRunOut(pools, 'ifPartnerDown')?.pool.id).toBe('never')
  })

  it('is an empty one before all others', () => {
    expect(firstToRunOut([...pools, pool('empty', forecast('empty'))], 'present')?.pool.id).toBe('empty')
  })

  it('is none where nothing is in sight, with the reason', () => {
    const [quiet] = pools
    expect(firstToRunOut([], 'present')).toBeUndefined()
    expect(firstToRunOut(quiet === undefined ? [] : [quiet], 'present')).toBeUndefined()
    expect(noneRunsOutWords([pool('a', forecast('not-within-a-year'))], 'present')).toMatch(/^None within a year/u)
    expect(noneRunsOutWords([pool('a', forecast('not-enough-data'))], 'present')).toMatch(/^Not known yet/u)
    expect(noneRunsOutWords([pool('a', forecast('gives-none'))], 'present')).toBe('Gives none now')
  })

  it('stands first in the list, and then the fullest', () => {
    const full = { ...pool('full', forecast('not-at-this-rate')), leased: '4000' }
    expect(byUrgency([...pools, full]).map(({ id }) => id)).toEqual(['soon', 'late', 'full', 'never'])
  })
})

describe('how urgent it is', () => {
  it.each([
    [forecast('empty'), 'down'],
    [forecast('runs-out', 1), 'at-risk'],
    [forecast('runs-out', 8), 'degraded'],
    [forecast('runs-out', 40), undefined],
    [forecast('not-enough-data'), undefined],
  ])('%o', (of, tone) => {
    expect(forecastLook(of, NOW).tone).toBe(tone)
  })
})

describe('the rate', () => {
  it.each([
    [{ perHour: 212, windowSeconds: 3600 }, '212 an hour fewer free, seen over 1 h'],
    [{ perHour: -4.25, windowSeconds: 600 }, '4.25 an hour more free, seen over 10 min'],
    [{ perHour: 12_300, windowSeconds: 600 }, '12,300 an hour fewer free, seen over 10 min'],
    [{ perHour: 0, windowSeconds: 600 }, 'what is free stays the same, seen over 10 min'],
    [{ perHour: null, windowSeconds: 70 }, 'watched for 1 min 10 s; two minutes are needed'],
  ])('%o', (of, words) => {
    expect(rateWords({ ...forecast('runs-out', 1), ...of })).toBe(words)
  })
})
