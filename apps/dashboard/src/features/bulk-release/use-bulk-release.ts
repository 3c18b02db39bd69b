/** Starts and stops a bulk release: one key for one intention, so that the same click twice is one act. */
import type { BulkRelease, BulkReleaseList, RouteBodyInput, startBulkRelease } from '@tandem/api-contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { QueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { bulkReleasesQuery, queryKeys } from '../../api/queries.ts'
import { useIntention } from '../../api/use-intention.ts'

export function useStartBulkRelease(started: (release: BulkRelease) => void) {
  const cache = useQueryClient()
  const { keyFor, giveUp } = useIntention()
  return useMutation({
    mutationFn: (body: RouteBodyInput<typeof startBulkRelease>) =>
      api.startBulkRelease({ body, idempotencyKey: keyFor(JSON.stringify(body)) }),
    onSuccess: (release) => {
      remember(cache, release)
      started(release)
    },
    onError: () => {
      giveUp()
      void cache.invalidateQueries({ queryKey: queryKeys.bulkReleases })
    },
  })
}

export function useCancelBulkRelease() {
  const cache = useQueryClient()
  const { keyFor, giveUp } = useIntention()
  return useMutation({
    mutationFn: (id: string) => api.cancelBulkRelease({ params: { id }, idempotencyKey: keyFor(id) }),
    onSuccess: (release) => remember(cache, release),
    onError: () => {
      giveUp()
      void cache.invalidateQueries({ queryKey: queryKeys.bulkReleases })
    },
  })
}

function remember(cache: QueryClient, release: BulkRelease): void {
  cache.setQueryData<BulkReleaseList['items']>(bulkReleasesQuery.queryKey, (items = []) => [
    release,
    ...items.filter(({ id }) => id !== release.id),
  ])
}
