/** A comparison that goes on by itself: stretch after stretch, through outages, until its end or until it is stopped. */
import { routeExamples } from '@tandem/api-contract'
import { parseIpv6Address, parseIpv6Prefix } from '@tandem/protocol'
import { expect, test } from 'vitest'
import type { ComparedStretch, StretchAnswer, StretchItem } from '../../http/channel-views.ts'
import { ComparisonRun } from './comparison-run.ts'
import type { ComparisonDoor, OwnLease, OwnStretch } from './comparison-run.ts'
import { ComparisonTally } from './comparison-tally.ts'
import { PoolHomes } from './pool-homes.ts'

const address = (text: string) => {
  const parsed = parseIpv6Address(text)
  if (parsed === undefined) throw new Error(`${text} is an address`)
  return parsed
}
const prefix = (text: string) => {
  const parsed = parseIpv6Prefix(text)
  if (parsed === undefined) throw new Error(`${text} is a prefix`)
  return parsed
}

const addressPool = (first: string, last: string) => ({
  id: `${first}-${last}`,
  first: address(first),
  last: address(last),
})
const subnet = {
  id: 'lan',
  prefix: prefix('2001:db8::/32'),
  interfaceNames: [],
  relationship: 'main',
  addressPools: [addressPool('2001:db8::10', '2001:db8::1f'), addressPool('2001:db8::40', '2001:db8::4f')],
  prefixPools: [{ id: '2001:db8:8000::/40-56', prefix: prefix('2001:db8:8000::/40'), delegatedLength: 56 }],
  reservations: [],
  lifetimes: { validSeconds: 1, preferredSeconds: 1, t1Fraction: 0.5, t2Fraction: 0.8 },
  rapidCommit: false,
  dnsServers: [],
  domainSearch: [],
}

const key = (last: string): string => `a20010db8${last.padStart(24, '0')}-128`
const lease = (last: string, commitNumber = 1): OwnLease => {
  return { ...routeExamples.getLease.answer, owedToPartner: false, key: key(last), commitNumber }
}

interface Told {
  readonly own: readonly (OwnStretch | undefined)[]
  readonly answers: readonly StretchAnswer[]
  readonly now?: ReadonlyMap<string, number>
  /** So often nothing can be read. */
  readonly failures?: number
}

function running({ own, answers, now = new Map(), failures = 0 }: Told) {
  let toFail = failures
  const reads = [...own]
  const told = [...answers]
  const asked: ComparedStretch[] = []
  const pauses: number[] = []
  const tally = new ComparisonTally(new PoolHomes({ subnets: [subnet] }, 'main'))
  const door: ComparisonDoor = {
    read: async () => {
      toFail -= 1
      if (toFail >= 0) throw new Error('the database is away')
      return reads.length > 1 ? reads.shift() : reads[0]
    },
    ask: async (stretch) => {
      asked.push(stretch)
      const answer = told.length > 1 ? told.shift() : told[0]
      if (answer === undefined) throw new Error('nothing is asked')
      return answer
    },
    commitNumbers: async () => now,
    pause: async (ms) => {
      pauses.push(ms)
      if (pauses.length > 200) throw new Error('it does not end')
    },
    nowMs: () => 0,
  }
  return { run: new ComparisonRun(tally, door), tally, asked, pauses }
}

const compared = (items: readonly StretchItem[], upTo: string | null = null): StretchAnswer => ({
  kind: 'compared',
  items,
  upTo,
})

test('goes on where the stretch before ended, here or at the partner, and counts by pool', async () => {
  const { run, tally, asked } = running({
    own: [
      { leases: [lease('10'), lease('11')], through: key('11') },
      { leases: [lease('41')], through: null },
      { leases: [], through: null },
    ],
    answers: [
      compared([
        { key: key('10'), outcome: 'agrees' },
        { key: key('11'), outcome: 'no-record' },
      ]),
      compared([{ key: key('41'), outcome: 'differs' }], key('45')),
      compared([{ key: key('90'), outcome: 'only-there' }]),
    ],
    now: new Map([
      [key('11'), 1],
      [key('41'), 1],
    ]),
  })
  expect(await run.run()).toEqual({ state: 'done' })
  expect(asked.map(({ after }) => after)).toEqual([null, key('11'), key('45')])
  expect(
    tally.pools.map(({ poolId, compared: of, agree, differ, onlyHere, onlyThere }) => [
      poolId,
      of,
      agree,
      differ,
      onlyHere,
      onlyThere,
    ]),
  ).toEqual([
    ['2001:db8::10-2001:db8::1f', '2', '1', '0', '1', '0'],
    ['2001:db8::40-2001:db8::4f', '1', '0', '1', '0', '0'],
    [null, '1', '0', '0', '0', '1'],
  ])
  expect([tally.compared, tally.differing]).toEqual([4, 3])
  expect(tally.differences.map(({ lease: text, outcome, state }) => [text, outcome, state])).toEqual([
    ['2001:db8::11', 'only-here', 'active'],
    ['2001:db8::41', 'differs', 'active'],
    ['2001:db8::90', 'only-there', null],
  ])
  expect(tally.keysHere).toEqual([key('11'), key('41')])
})

test('what changed while the partner was asked is no difference', async () => {
  const { run, tally } = running({
    own: [{ leases: [lease('10', 1), lease('11', 1)], through: null }],
    answers: [
      compared([
        { key: key('10'), outcome: 'differs' },
        { key: key('11'), outcome: 'no-record' },
        { key: key('12'), outcome: 'only-there' },
        { key: key('13'), outcome: 'owed' },
      ]),
    ],
    // The first changed, the second is gone, and the third has come.
    now: new Map([
      [key('10'), 2],
      [key('12'), 3],
    ]),
  })
  expect(await run.run()).toEqual({ state: 'done' })
  expect(tally.pools).toMatchObject([{ compared: '4', moving: '4' }])
  expect(tally.differences).toEqual([])
})

test('a partner that is away for a while is asked again, and one that stays away is given up', async () => {
  const away: StretchAnswer = { kind: 'failed', problem: 'no answer within 3 s', isFinal: false }
  const own = [{ leases: [lease('10')], through: null }]
  const back = running({ own, answers: [away, away, compared([{ key: key('10'), outcome: 'agrees' }])] })
  expect(await back.run.run()).toEqual({ state: 'done' })
  expect(back.tally.compared).toBe(1)
  const gone = running({ own, answers: [away] })
  expect(await gone.run.run()).toEqual({ state: 'failed', problem: 'no answer within 3 s' })
  expect(gone.pauses.length).toBeGreaterThan(30)
})

test('waits for lists that are behind, and gives up at once where asking again makes no sense', async () => {
  const behind = running({
    own: [undefined, { leases: [], through: null }],
    answers: [compared([])],
  })
  expect(await behind.run.run()).toEqual({ state: 'done' })
  expect(behind.pauses).toHaveLength(1)
  const older: StretchAnswer = { kind: 'failed', problem: 'it may be of an older version', isFinal: true }
  const final = running({ own: [{ leases: [], through: null }], answers: [older] })
  expect(await final.run.run()).toEqual({ state: 'failed', problem: 'it may be of an older version' })
  expect(final.asked).toHaveLength(1)
})

test('stops when it is told, and keeps what it has found', async () => {
  const stretch = { leases: [lease('10')], through: key('10') }
  const { run, tally } = running({ own: [stretch], answers: [compared([{ key: key('10'), outcome: 'agrees' }])] })
  run.cancel()
  expect(await run.run()).toEqual({ state: 'cancelled' })
  expect(tally.compared).toBe(0)
})

test('a lease is in the pool around it, and in none beside', () => {
  const homes = new PoolHomes({ subnets: [subnet] }, 'main')
  const poolOf = (of: string): string | undefined => homes.find(of)?.poolId
  expect([key('f'), key('10'), key('1f'), key('20'), key('4f'), key('50')].map(poolOf)).toEqual([
    undefined,
    '2001:db8::10-2001:db8::1f',
    '2001:db8::10-2001:db8::1f',
    undefined,
    '2001:db8::40-2001:db8::4f',
    undefined,
  ])
  expect(poolOf('p20010db880ff00000000000000000000-056')).toBe('2001:db8:8000::/40-56')
  expect(poolOf('p20010db8810000000000000000000000-056')).toBeUndefined()
  expect(new PoolHomes({ subnets: [subnet] }, 'other').find(key('10'))).toBeUndefined()
})

test('a database that is away for a while ends nothing', async () => {
  const { run, tally } = running({
    own: [{ leases: [lease('10')], through: null }],
    answers: [compared([{ key: key('10'), outcome: 'agrees' }])],
    failures: 2,
  })
  expect(await run.run()).toEqual({ state: 'done' })
  expect(tally.compared).toBe(1)
})
