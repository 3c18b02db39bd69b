/** Comparison of all leases with the partner's: started, stopped and repaired; one key for one intention, so that the same click twice is one act. */
import type { TableComparison } from '@tandem/api-contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { queryKeys, tableComparisonQuery } from '../../api/queries.ts'
import { useIntention } from '../../api/use-intention.ts'

export function useComparisonAct(act: 'startTableComparison' | 'cancelTableComparison', name: string) {
  const { keyFor, ...ends } = useEnds(name)
  return useMutation({
    mutationFn: () => api[act]({ params: { name }, idempotencyKey: keyFor(act) }),
    ...ends,
  })
}

export function useRepair(name: string, done: () => void) {
  const { keyFor, onSuccess, onError } = useEnds(name)
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (reason: string) =>
      api.repairTableComparison({ params: { name }, body: { reason }, idempotencyKey: keyFor(reason) }),
    onSuccess: (comparison: TableComparison) => {
      onSuccess(comparison)
      void cache.invalidateQueries({ queryKey: queryKeys.leases })
      done()
    },
    onError,
  })
}

function useEnds(name: string) {
  const cache = useQueryClient()
  const { keyFor, giveUp } = useIntention()
  return {
    keyFor,
    onSuccess: (comparison: TableComparison): void => {
      // Started or stopped again later is another intention.
      giveUp()
      cache.setQueryData(tableComparisonQuery(name).queryKey, comparison)
    },
    onError: (): void => {
      giveUp()
      void cache.invalidateQueries({ queryKey: tableComparisonQuery(name).queryKey })
    },
  }
}
