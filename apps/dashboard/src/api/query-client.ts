/** The cache of all answers. A session that has ended anywhere ends here. */
import { failureOf } from '@tandem/api-contract'
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { queryKeys } from './queries.ts'

export function createQueryClient(): QueryClient {
  const endedSession = (error: unknown): void => {
    if (failureOf(error).is('not-signed-in')) client.setQueryData(queryKeys.session, null)
  }
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: endedSession }),
    mutationCache: new MutationCache({ onError: endedSession }),
    defaultOptions: {
      queries: {
        // Live events keep the answers fresh; a window that comes to the front asks again all the same.
        staleTime: 10_000,
        // A problem is an answer: asking again brings the same. Only silence is worth another attempt.
        retry: (attempts, error) => failureOf(error).problem === null && attempts < 2,
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })
  return client
}
