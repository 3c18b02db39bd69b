/** Sends the reset of a lease: one key for one intention, so that the same click twice is one act. */
import type { Lease } from '@tandem/api-contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { api } from '../../api/api.ts'
import { newIdempotencyKey } from '../../api/idempotency-key.ts'
import { leaseQuery, queryKeys } from '../../api/queries.ts'

export function useResetLease({ key, version }: Lease, done: () => void) {
  const cache = useQueryClient()
  const intention = useRef<{ readonly reason: string; readonly key: string } | undefined>(undefined)
  /** Another reason is another intention; a second attempt at the same is not. */
  const keyFor = (reason: string): string => {
    if (intention.current?.reason !== reason) intention.current = { reason, key: newIdempotencyKey() }
    return intention.current.key
  }
  return useMutation({
    mutationFn: (reason: string) =>
      api.resetLease({
        params: { address: key },
        body: { reason },
        ifMatch: version,
        idempotencyKey: keyFor(reason),
      }),
    onSuccess: (lease: Lease) => {
      cache.setQueryData(leaseQuery(key).queryKey, lease)
      void cache.invalidateQueries({ queryKey: queryKeys.leases })
      void cache.invalidateQueries({ queryKey: queryKeys.pools })
      done()
    },
    onError: () => {
      // A refusal is final for its key, and what was refused was decided on an older picture.
      intention.current = undefined
      void cache.invalidateQueries({ queryKey: leaseQuery(key).queryKey })
    },
  })
}
