/** Every question the console asks, with the key under which live events find the answer again. */
import { failureOf, itemsOf, poolKeyOf, stepSecondsOf } from '@tandem/api-contract'
import type {
  HistoryStep,
  listDecisions,
  listLeases,
  Pool,
  PoolList,
  PoolPage,
  previewBulkRelease,
  RouteQueryInput,
  Session,
} from '@tandem/api-contract'
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from './api.ts'
import { keepNewer, keepNewerOfEach } from './keep-newer.ts'

export const queryKeys = {
  session: ['session'],
  setup: ['setup'],
  server: ['server'],
  relationships: ['relationships'],
  transitions: ['transitions'],
  pools: ['pools'],
  poolHistory: ['pool-history'],
  traffic: ['traffic'],
  leases: ['leases'],
  lease: ['lease'],
  partnerLease: ['partner-lease'],
  leaseComparison: ['lease-comparison'],
  partnerPool: ['partner-pool'],
  configurationComparison: ['configuration-comparison'],
  tableComparison: ['table-comparison'],
  timeline: ['timeline'],
  checks: ['checks'],
  leaseChanges: ['lease-changes'],
  bulkReleases: ['bulk-releases'],
  bulkReleasePreview: ['bulk-release-preview'],
  decisions: ['decisions'],
  audit: ['audit'],
  operators: ['operators'],
  accountSharing: ['account-sharing'],
  apiTokens: ['api-tokens'],
  webhooks: ['webhooks'],
  sessions: ['sessions'],
  ownSessions: ['own-sessions'],
} as const

/** null: nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: queryKeys.session,
  staleTime: 60_000,
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await api.getSession({ signal })
    } catch (error) {
      if (failureOf(error).is('not-signed-in')) return null
      throw error
    }
  },
})

export const setupQuery = queryOptions({
  queryKey: queryKeys.setup,
  queryFn: ({ signal }) => api.getSetup({ signal }),
})

export const serverQuery = queryOptions({
  queryKey: queryKeys.server,
  queryFn: ({ signal }) => api.getServer({ signal }),
  structuralSharing: keepNewer,
})

export const relationshipsQuery = queryOptions({
  queryKey: queryKeys.relationships,
  queryFn: async ({ signal }) => (await api.listRelationships({ signal })).items,
  structuralSharing: keepNewerOfEach,
})

/** One answer, as a live event brings it: there are seldom more than a page of them. */
async function allPools(signal: AbortSignal): Promise<PoolList> {
  const items: Pool[] = []
  let first: PoolPage | undefined
  const read = async (cursor: string | undefined) => {
    const page = await api.listPools({ query: { cursor }, signal })
    first ??= page
    return page
  }
  for await (const pool of itemsOf(read)) items.push(pool)
  const { commitNumber, publishedAt } = first ?? (await read(undefined))
  return { items, commitNumber, publishedAt }
}

export const poolsQuery = queryOptions({
  queryKey: queryKeys.pools,
  queryFn: async ({ signal }) => allPools(signal),
  structuralSharing: keepNewer,
})

export interface HistoryWish {
  readonly step: HistoryStep
  /** How far back. */
  readonly seconds: number
}

/** A new point of a coarse step is not worth waiting for. */
const REFETCH_MAX_MS = 60_000

/** No live event brings points: they come at the pace of their step. */
const refetchIntervalOf = ({ step }: HistoryWish, isHeld: boolean): number | false =>
  isHeld ? false : Math.min(stepSecondsOf(step) * 1000, REFETCH_MAX_MS)

const asked = ({ step, seconds }: HistoryWish) => ({ step, limit: seconds / stepSecondsOf(step) })

/** Oldest first. */
export const poolHistoryQuery = (pool: string, wish: HistoryWish, isHeld: boolean) =>
  queryOptions({
    queryKey: [...queryKeys.poolHistory, pool, wish.step, wish.seconds],
    queryFn: async ({ signal }) => {
      const { items } = await api.listPoolHistory({ params: { pool: poolKeyOf(pool) }, query: asked(wish), signal })
      return items.toReversed()
    },
    refetchInterval: refetchIntervalOf(wish, isHeld),
    refetchOnWindowFocus: !isHeld,
  })

/** Oldest first. */
export const trafficQuery = (wish: HistoryWish, isHeld: boolean) =>
  queryOptions({
    queryKey: [...queryKeys.traffic, wish.step, wish.seconds],
    queryFn: async ({ signal }) => (await api.listTraffic({ query: asked(wish), signal })).items.toReversed(),
    refetchInterval: refetchIntervalOf(wish, isHeld),
    refetchOnWindowFocus: !isHeld,
  })

/** Counts of a busy pool are of their moment: those of both servers are asked for about as often as ours come in. */
const PARTNER_POOL_EVERY_MS = 3_000

export const partnerPoolQuery = (id: string) =>
  queryOptions({
    queryKey: [...queryKeys.partnerPool, id],
    queryFn: ({ signal }) => api.getPartnerPool({ params: { pool: poolKeyOf(id) }, signal }),
    refetchInterval: PARTNER_POOL_EVERY_MS,
  })

/** A configuration changes with a start of its server. */
const CONFIGURATIONS_EVERY_MS = 30_000

export const configurationComparisonQuery = (relationship: string) =>
  queryOptions({
    queryKey: [...queryKeys.configurationComparison, relationship],
    queryFn: ({ signal }) => api.compareConfigurations({ params: { name: relationship }, signal }),
    refetchInterval: CONFIGURATIONS_EVERY_MS,
  })

/** While one runs, and while somebody else may start one. */
const COMPARISON_EVERY_MS = 1_000
const NO_COMPARISON_EVERY_MS = 15_000

export const tableComparisonQuery = (relationship: string) =>
  queryOptions({
    queryKey: [...queryKeys.tableComparison, relationship],
    queryFn: ({ signal }) => api.getTableComparison({ params: { name: relationship }, signal }),
    refetchInterval: ({ state: { data } }) =>
      data?.state === 'running' ? COMPARISON_EVERY_MS : NO_COMPARISON_EVERY_MS,
  })

/** Each time both servers look at themselves. */
const CHECKS_EVERY_MS = 30_000

export const checksQuery = queryOptions({
  queryKey: queryKeys.checks,
  queryFn: ({ signal }) => api.listChecks({ signal }),
  refetchInterval: CHECKS_EVERY_MS,
})

/** Of each server. */
export const TIMELINE_ENTRIES = 200
/** What the partner does no live event brings. */
const TIMELINE_EVERY_MS = 10_000

/** `toMs` undefined: up to now, and on with it. */
export const timelineQuery = (relationship: string, toMs: number | undefined, spanMs: number) =>
  queryOptions({
    queryKey: [...queryKeys.timeline, relationship, toMs, spanMs],
    queryFn: ({ signal }) => {
      const endMs = toMs ?? Date.now()
      const query = {
        from: new Date(endMs - spanMs).toISOString(),
        // The server's own now, where it is to be now.
        ...(toMs === undefined ? {} : { to: new Date(endMs).toISOString() }),
        limit: TIMELINE_ENTRIES,
      }
      return api.getTimeline({ params: { name: relationship }, query, signal })
    },
    refetchInterval: toMs === undefined ? TIMELINE_EVERY_MS : false,
    placeholderData: keepPreviousData,
  })

export type LeaseFilter = Omit<RouteQueryInput<typeof listLeases>, 'limit'>

export const LEASES_PER_PAGE = 50

export const leasesQuery = (filter: LeaseFilter) =>
  queryOptions({
    queryKey: [...queryKeys.leases, filter],
    queryFn: ({ signal }) => api.listLeases({ query: { ...filter, limit: LEASES_PER_PAGE }, signal }),
    placeholderData: keepPreviousData,
  })

export const leaseQuery = (key: string) =>
  queryOptions({
    queryKey: [...queryKeys.lease, key],
    queryFn: ({ signal }) => api.getLease({ params: { address: key }, signal }),
  })

/** Asked of the partner when it is looked at, and again now and then: no live event tells what it says of one lease. */
const PARTNER_LEASE_EVERY_MS = 10_000

export const partnerLeaseQuery = (key: string) =>
  queryOptions({
    queryKey: [...queryKeys.partnerLease, key],
    queryFn: ({ signal }) => api.getPartnerLease({ params: { address: key }, signal }),
    refetchInterval: PARTNER_LEASE_EVERY_MS,
  })

/** A page of them, by their keys: another question with every new row, so that what was marked stays until the answer is there. */
export const leaseComparisonQuery = (keys: readonly string[]) =>
  queryOptions({
    queryKey: [...queryKeys.leaseComparison, ...keys],
    queryFn: ({ signal }) => api.compareLeases({ query: { leases: keys.join(',') }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: PARTNER_LEASE_EVERY_MS,
    gcTime: PARTNER_LEASE_EVERY_MS,
  })

/** Written a moment after the lease has changed, and told by no live event: asked for again while it is looked at. */
const HISTORY_EVERY_MS = 5_000

export const leaseChangesQuery = (key: string) =>
  infiniteQueryOptions({
    queryKey: [...queryKeys.leaseChanges, key],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api.listLeaseChanges({ params: { address: key }, query: pageQueryOf(pageParam, 20), signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: HISTORY_EVERY_MS,
  })

/** One that runs is followed closely; that somebody else has begun one is soon seen. */
const BULK_RELEASE_EVERY_MS = 1_000
const BULK_RELEASES_EVERY_MS = 5_000

/** Newest first. */
export const bulkReleasesQuery = queryOptions({
  queryKey: queryKeys.bulkReleases,
  queryFn: async ({ signal }) => (await api.listBulkReleases({ signal })).items,
  refetchInterval: ({ state }) =>
    state.data?.some((each) => each.state === 'running') === true ? BULK_RELEASE_EVERY_MS : BULK_RELEASES_EVERY_MS,
})

export type BulkReleaseSearch = RouteQueryInput<typeof previewBulkRelease>

/** Counted when it is asked for, and not by itself while somebody types the number. */
export const bulkReleasePreviewQuery = (search: BulkReleaseSearch) =>
  queryOptions({
    queryKey: [...queryKeys.bulkReleasePreview, search],
    queryFn: ({ signal }) => api.previewBulkRelease({ query: search, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

export type DecisionFilter = Omit<RouteQueryInput<typeof listDecisions>, 'limit' | 'cursor'>

/** Asked for again by who looks: rows must not move while they are read. */
export const decisionsQuery = (filter: DecisionFilter) =>
  infiniteQueryOptions({
    queryKey: [...queryKeys.decisions, filter],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api.listDecisions({ query: { ...filter, ...pageQueryOf(pageParam, 50) }, signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchOnWindowFocus: false,
  })

/** Older than the twenty that a relationship carries itself. */
export const transitionsQuery = (name: string) =>
  infiniteQueryOptions({
    queryKey: [...queryKeys.transitions, name],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api.listTransitions({
        params: { name },
        query: pageQueryOf(pageParam, 50),
        signal,
      }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })

export const auditQuery = infiniteQueryOptions({
  queryKey: queryKeys.audit,
  initialPageParam: '',
  queryFn: ({ pageParam, signal }) => api.listAudit({ query: pageQueryOf(pageParam, 50), signal }),
  getNextPageParam: ({ nextCursor }) => nextCursor,
})

export const operatorsQuery = queryOptions({
  queryKey: queryKeys.operators,
  queryFn: async ({ signal }) => (await api.listOperators({ signal })).items,
})

/** No live event tells of it. */
export const accountSharingQuery = queryOptions({
  queryKey: queryKeys.accountSharing,
  queryFn: async ({ signal }) => (await api.listAccountSharing({ signal })).items,
  refetchInterval: 5_000,
})

export const apiTokensQuery = queryOptions({
  queryKey: queryKeys.apiTokens,
  queryFn: async ({ signal }) => (await api.listApiTokens({ signal })).items,
})

/** No live event tells how deliveries go. */
export const webhooksQuery = queryOptions({
  queryKey: queryKeys.webhooks,
  queryFn: async ({ signal }) => (await api.listWebhooks({ signal })).items,
  refetchInterval: 3_000,
})

/** Of everybody. */
export const sessionsQuery = queryOptions({
  queryKey: queryKeys.sessions,
  queryFn: async ({ signal }) => (await api.listSessions({ signal })).items,
})

export const ownSessionsQuery = queryOptions({
  queryKey: queryKeys.ownSessions,
  queryFn: async ({ signal }) => (await api.listOwnSessions({ signal })).items,
})

/** '' is the first page. */
function pageQueryOf(cursor: string, limit: number): { readonly limit: number; readonly cursor?: string } {
  return cursor === '' ? { limit } : { limit, cursor }
}
