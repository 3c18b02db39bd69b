/** Sends a command on a relationship: one key for one intention, so that the same click twice is one act. */
import type { Relationship } from '@tandem/api-contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { writeLiveEvent } from '../../api/live-cache.ts'
import { queryKeys } from '../../api/queries.ts'
import { useIntention } from '../../api/use-intention.ts'

export type ServiceCommandName = Exclude<keyof Relationship['commands'], 'declarePartnerDown'>

export function useServiceCommand(command: ServiceCommandName, name: string, done: () => void) {
  const cache = useQueryClient()
  const { keyFor, giveUp } = useIntention()
  return useMutation({
    mutationFn: (reason: string) =>
      api[command]({ params: { name }, body: { reason }, idempotencyKey: keyFor(reason) }),
    onSuccess: (relationship: Relationship) => {
      writeLiveEvent(cache, { kind: 'relationship-changed', relationship })
      void cache.invalidateQueries({ queryKey: queryKeys.server })
      void cache.invalidateQueries({ queryKey: queryKeys.pools })
      done()
    },
    onError: () => {
      giveUp()
      void cache.invalidateQueries({ queryKey: queryKeys.relationships })
    },
  })
}
