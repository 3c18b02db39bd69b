/** Sends a command about one lease: one key for one intention, so that the same click twice is one act. */
import type { Lease } from '@tandem/api-contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { leaseQuery, queryKeys } from '../../api/queries.ts'
import { useIntention } from '../../api/use-intention.ts'

export type LeaseAct = 'resetLease' | 'releaseLease' | 'resendLease'

export function useLeaseCommand(act: LeaseAct, { key, version }: Lease, done: () => void) {
  const cache = useQueryClient()
  const { keyFor, giveUp } = useIntention()
  return useMutation({
    mutationFn: (reason: string) =>
      api[act]({ params: { address: key }, body: { reason }, ifMatch: version, idempotencyKey: keyFor(reason) }),
    onSuccess: (lease: Lease) => {
      cache.setQueryData(leaseQuery(key).queryKey, lease)
      void cache.invalidateQueries({ queryKey: queryKeys.leases })
      void cache.invalidateQueries({ queryKey: queryKeys.pools })
      void cache.invalidateQueries({ queryKey: queryKeys.partnerLease })
      done()
    },
    onError: () => {
      giveUp()
      void cache.invalidateQueries({ queryKey: leaseQuery(key).queryKey })
    },
  })
}
