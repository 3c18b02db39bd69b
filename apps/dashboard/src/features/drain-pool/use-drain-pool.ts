/** Sends a command on a pool: one key for one intention, so that the same click twice is one act. */
import { poolKeyOf } from '@tandem/api-contract'
import type { Pool, PoolList } from '@tandem/api-contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { poolsQuery, queryKeys } from '../../api/queries.ts'
import { useIntention } from '../../api/use-intention.ts'

export type PoolAct = 'drainPool' | 'stopDraining'

export function useDrainPool(act: PoolAct, { id }: Pool, done: () => void) {
  const cache = useQueryClient()
  const { keyFor, giveUp } = useIntention()
  return useMutation({
    mutationFn: (reason: string) =>
      api[act]({ params: { pool: poolKeyOf(id) }, body: { reason }, idempotencyKey: keyFor(reason) }),
    onSuccess: (changed: Pool) => {
      cache.setQueryData<PoolList>(poolsQuery.queryKey, (list) => {
        if (list === undefined) return list
        return { ...list, items: list.items.map((pool) => (pool.id === id ? changed : pool)) }
      })
      void cache.invalidateQueries({ queryKey: queryKeys.pools })
      void cache.invalidateQueries({ queryKey: queryKeys.relationships })
      done()
    },
    onError: () => {
      giveUp()
      void cache.invalidateQueries({ queryKey: queryKeys.pools })
    },
  })
}
