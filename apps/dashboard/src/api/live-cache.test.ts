/** Live events in the query cache. */
import type { AuditEntry, AuditPage } from '@tandem/api-contract'
import { QueryClient } from '@tanstack/react-query'
import type { InfiniteData } from '@tanstack/react-query'
import { describe, expect, it } from 'vitest'
import { poolsWith } from '../mock-api/pools.ts'
import { relationshipsIn } from '../mock-api/relationships.ts'
import { serverWith } from '../mock-api/server.ts'
import { keepNewer } from './keep-newer.ts'
import { writeLiveEvent } from './live-cache.ts'
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
})
