/** Live events in the query cache. */
import type { AuditEntry, AuditPage } from '@tandem/api-contract'
import { QueryClient, QueryObserver } from '@tanstack/react-query'
import type { InfiniteData } from '@tanstack/react-query'
import { describe, expect, it } from 'vitest'
import { poolsWith } from '../mock-api/pools.ts'
import { relationshipsIn } from '../mock-api/relationships.ts'
import { serverWith } from '../mock-api/server.ts'
import { keepNewer, keepNewerOfEach } from './keep-newer.ts'
import { refetchEverythingLive, refetchWhatIsNotShownWhole, writeLiveEvent } from './live-cache.ts'
import { leasesQuery, poolsQuery, queryKeys, relationshipsQuery, serverQuery, transitionsQuery } from './queries.ts'

const [normal] = relationshipsIn('normal')
const [degraded] = relationshipsIn('degraded')
if (normal === undefined || degraded === undefined) throw new Error('the fixtures have a pair')
const later = '2099-01-01T00:00:00.000Z'

describe('a live event', () => {
  it('replaces the server, the pools and one relationship among others', () => {
    const cache = new QueryClient()
    const other = { ...normal, name: 'other' }
    cache.setQueryData(relationshipsQuery.queryKey, [other, normal])
    const changed = { ...degraded, publishedAt: later }
    writeLiveEvent(cache, { kind: 'relationship-changed', relationship: changed })
    writeLiveEvent(cache, { kind: 'server-changed', server: serverWith([changed]) })
    writeLiveEvent(cache, { kind: 'pools-changed', pools: poolsWith(7) })
    expect(cache.getQueryData(relationshipsQuery.queryKey)).toEqual([other, changed])
    expect(cache.getQueryData(serverQuery.queryKey)?.headline.level).toBe('degraded')
    expect(cache.getQueryData(poolsQuery.queryKey)?.items[0]?.leased).toBe('7')
  })

  it('does not put a relationship back in time', () => {
    const cache = new QueryClient()
    const newest = { ...degraded, publishedAt: later }
    cache.setQueryData(relationshipsQuery.queryKey, [newest])
    writeLiveEvent(cache, { kind: 'relationship-changed', relationship: normal })
    expect(cache.getQueryData(relationshipsQuery.queryKey)).toEqual([newest])
  })

  it('leaves what was never asked for alone', () => {
    const cache = new QueryClient()
    writeLiveEvent(cache, { kind: 'relationship-changed', relationship: normal })
    expect(cache.getQueryData(relationshipsQuery.queryKey)).toBeUndefined()
  })

  it('makes the older pages of a history old when there is a new transition', () => {
    const cache = new QueryClient()
    const { queryKey } = transitionsQuery(normal.name)
    cache.setQueryData(queryKey, { pages: [], pageParams: [] })
    const [transition] = degraded.transitions
    if (transition === undefined) throw new Error('the fixture has a history')
    writeLiveEvent(cache, { kind: 'transition', transition: { ...transition, relationship: normal.name } })
    expect(cache.getQueryState(queryKey)?.isInvalidated).toBe(true)
  })

  it('makes lists of leases old, whatever their filter', () => {
    const cache = new QueryClient()
    const { queryKey } = leasesQuery({ subnet: 'labs' })
    cache.setQueryData(queryKey, { items: [], nextCursor: null, total: { count: '0', exact: true } })
    writeLiveEvent(cache, { kind: 'leases-summary', subnets: [] })
    expect(cache.getQueryState(queryKey)?.isInvalidated).toBe(true)
  })

  it('puts a new act before the older ones, and never twice', () => {
    const cache = new QueryClient()
    const entry = (id: string): AuditEntry => ({
      id,
      at: later,
      operator: 'ada',
      action: 'declare-partner-down',
      target: 'demo',
      reason: 'power is off',
      commandId: id,
      outcome: 'done',
      detail: '',
    })
    cache.setQueryData<InfiniteData<AuditPage>>(queryKeys.audit, {
      pages: [{ items: [entry('1')], nextCursor: null }],
      pageParams: [''],
    })
    writeLiveEvent(cache, { kind: 'audit', entry: entry('2') })
    writeLiveEvent(cache, { kind: 'audit', entry: entry('2') })
    const pages = cache.getQueryData<InfiniteData<AuditPage>>(queryKeys.audit)?.pages
    expect(pages?.[0]?.items.map(({ id }) => id)).toEqual(['2', '1'])
  })
})

describe('an answer', () => {
  it('that was overtaken by an event does not replace it', () => {
    const before = { publishedAt: later, leased: 2 }
    expect(keepNewer(before, { publishedAt: '2026-01-01T00:00:00.000Z', leased: 1 })).toBe(before)
    expect(keepNewer(before, { publishedAt: '2099-01-01T00:00:01.000Z', leased: 3 })).toMatchObject({ leased: 3 })
    expect(keepNewer(undefined, before)).toEqual(before)
  })

  it('replaces of a list only what it has newer', () => {
    const old = '2026-01-01T00:00:00.000Z'
    const before = [
      { name: 'a', publishedAt: later },
      { name: 'b', publishedAt: old },
    ]
    const after = [
      { name: 'b', publishedAt: later },
      { name: 'a', publishedAt: old },
      { name: 'c', publishedAt: old },
    ]
    expect(keepNewerOfEach(before, after)).toEqual([after[0], before[0], after[2]])
    expect(keepNewerOfEach(undefined, after)).toEqual(after)
  })
})

/** A question that somebody looks at, and whose answers are given by hand, one after the other. */
function asked(cache: QueryClient, queryKey: readonly unknown[], data?: unknown) {
  const answers: ((data: unknown) => void)[] = []
  if (data !== undefined) cache.setQueryData(queryKey, data)
  const queryFn = async (): Promise<unknown> => new Promise((resolve) => answers.push(resolve))
  new QueryObserver(cache, { queryKey, queryFn, staleTime: Infinity }).subscribe(() => undefined)
  return answers
}

describe('at the beginning of the stream', () => {
  it('what it shows whole is not asked for again, the rest is; all is once something was missed', async () => {
    const cache = new QueryClient()
    const whole = [queryKeys.server, queryKeys.relationships, queryKeys.pools].map((key) => asked(cache, key, []))
    const rest = [queryKeys.audit, queryKeys.leases, queryKeys.sessions].map((key) => asked(cache, key, []))
    refetchWhatIsNotShownWhole(cache)
    await Promise.resolve()
    expect(whole.map(({ length }) => length)).toEqual([0, 0, 0])
    expect(rest.map(({ length }) => length)).toEqual([1, 1, 1])
    refetchEverythingLive(cache)
    await Promise.resolve()
    expect(whole.map(({ length }) => length)).toEqual([1, 1, 1])
    expect(rest.map(({ length }) => length)).toEqual([2, 2, 2])
    cache.clear()
  })

  it('an answer that was on its way is waited for and asked for again, since it may be of before', async () => {
    const cache = new QueryClient()
    const answers = asked(cache, queryKeys.audit)
    expect(answers).toHaveLength(1)
    refetchWhatIsNotShownWhole(cache)
    expect(answers).toHaveLength(1)
    answers[0]?.('of before')
    await expect.poll(() => answers.length).toBe(2)
    answers[1]?.('of now')
    await expect.poll(() => cache.getQueryData(queryKeys.audit)).toBe('of now')
    cache.clear()
  })

  it('a relationship that is told before the first answer came is not lost', async () => {
    const cache = new QueryClient()
    const answers = asked(cache, queryKeys.relationships)
    for (const name of ['one', 'other']) {
      writeLiveEvent(cache, { kind: 'relationship-changed', relationship: { ...degraded, name, publishedAt: later } })
    }
    answers[0]?.([normal])
    await expect.poll(() => answers.length).toBe(2)
    answers[1]?.([degraded])
    await expect.poll(() => cache.getQueryData(queryKeys.relationships)).toEqual([degraded])
    expect(answers).toHaveLength(2)
    cache.clear()
  })
})
