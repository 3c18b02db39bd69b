/** Writes live events into the query cache; a full record over the union, so a new event does not compile until it has its line. */
import type { AuditPage, LiveEvent, LiveEventKind, Relationship, Server } from '@tandem/api-contract'
import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import { isOlder } from './keep-newer.ts'
import { queryKeys, serverQuery, poolsQuery, relationshipsQuery } from './queries.ts'

type EventOf<K extends LiveEventKind> = Extract<LiveEvent, { readonly kind: K }>
const ACCESS = ['operators', 'apiTokens', 'webhooks', 'sessions', 'ownSessions'] as const

type Writers = { readonly [K in LiveEventKind]: (cache: QueryClient, event: EventOf<K>) => void }

const writers: Writers = {
  'server-changed': (cache, { server }) => {
    cache.setQueryData<Server>(serverQuery.queryKey, server)
  },
  'relationship-changed': (cache, { relationship }) => {
    const items = cache.getQueryData<Relationship[]>(relationshipsQuery.queryKey)
    if (items === undefined) void askAgain(cache, queryKeys.relationships)
    else cache.setQueryData(relationshipsQuery.queryKey, replaceByName(items, relationship))
  },
  // The relationship itself comes with its newest twenty; older pages are asked for again by who shows them.
  transition: (cache, { transition }) => {
    void cache.invalidateQueries({ queryKey: [...queryKeys.transitions, transition.relationship] })
    void cache.invalidateQueries({ queryKey: [...queryKeys.timeline, transition.relationship] })
  },
  'pools-changed': (cache, { pools }) => {
    cache.setQueryData(poolsQuery.queryKey, pools)
  },
  // A list is in the order of its addresses and may be filtered: only the server knows what is on the page now.
  'leases-summary': (cache) => {
    void cache.invalidateQueries({ queryKey: queryKeys.leases }, { cancelRefetch: false })
    void cache.invalidateQueries({ queryKey: queryKeys.lease }, { cancelRefetch: false })
  },
  'lease-changed': (cache, { lease }) => {
    cache.setQueryData([...queryKeys.lease, lease.key], lease)
  },
  audit: (cache, { entry }) => {
    // Whoever manages access at the same time sees it at once.
    for (const name of ACCESS) void cache.invalidateQueries({ queryKey: queryKeys[name] }, { cancelRefetch: false })
    cache.setQueryData<InfiniteData<AuditPage>>(queryKeys.audit, (data) => {
      const [first, ...older] = data?.pages ?? []
      if (data === undefined || first === undefined || first.items.some(({ id }) => id === entry.id)) return data
      return { ...data, pages: [{ ...first, items: [entry, ...first.items] }, ...older] }
    })
  },
}

export function writeLiveEvent(cache: QueryClient, event: LiveEvent): void {
  // The record is indexed by the event's own kind, so the writer takes this event.
  const write = writers[event.kind] as (cache: QueryClient, event: LiveEvent) => void
  write(cache, event)
}

const SHOWN_WHOLE = ['server', 'relationships', 'pools'] as const
const NOT_SHOWN_WHOLE = ['transitions', 'timeline', 'leases', 'lease', 'audit', ...ACCESS] as const

/** What live events keep fresh: all of it is asked for again when some were missed. */
export function refetchEverythingLive(cache: QueryClient): void {
  for (const name of [...SHOWN_WHOLE, ...NOT_SHOWN_WHOLE]) void askAgain(cache, queryKeys[name])
}

/** At the beginning of the stream, which brings the server, relationships and pools itself. */
export function refetchWhatIsNotShownWhole(cache: QueryClient): void {
  for (const name of NOT_SHOWN_WHOLE) void askAgain(cache, queryKeys[name])
}

/** A first answer that is still on its way is not called off, and may be of before: it is waited for and asked for again. */
async function askAgain(cache: QueryClient, queryKey: readonly string[]): Promise<void> {
  const underWay = cache.getQueryCache().findAll({ queryKey, fetchStatus: 'fetching' })
  const first = underWay.filter(({ state }) => state.data === undefined)
  await cache.invalidateQueries({ queryKey })
  if (first.length === 0) return
  await cache.invalidateQueries({ queryKey, predicate: (query) => first.includes(query) }, { cancelRefetch: false })
}

function replaceByName(items: Relationship[], changed: Relationship): Relationship[] {
  return items.some(({ name }) => name === changed.name)
    ? items.map((item) => (item.name === changed.name && !isOlder(changed, item) ? changed : item))
    : [...items, changed]
}
