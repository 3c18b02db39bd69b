/** Sends the declaration: one key for one intention, so that the same click twice is one act. */
import type { FailoverState, Relationship } from '@tandem/api-contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { writeLiveEvent } from '../../api/live-cache.ts'
import { queryKeys } from '../../api/queries.ts'
import { useIntention } from '../../api/use-intention.ts'

export interface Declaration {
  readonly reason: string
  readonly seenState: FailoverState
  readonly force: boolean
  /** ISO 8601; absent: the waits count from now. */
  readonly downSince?: string
}

export function useDeclarePartnerDown(name: string, done: () => void) {
  const cache = useQueryClient()
  const { keyFor, giveUp } = useIntention()
  return useMutation({
    mutationFn: (declaration: Declaration) =>
      api.declarePartnerDown({
        params: { name },
        body: declaration,
        idempotencyKey: keyFor(JSON.stringify(declaration)),
      }),
    onSuccess: (relationship: Relationship) => {
      writeLiveEvent(cache, { kind: 'relationship-changed', relationship })
      void cache.invalidateQueries({ queryKey: queryKeys.server })
      done()
    },
    onError: () => {
      giveUp()
      void cache.invalidateQueries({ queryKey: queryKeys.relationships })
    },
  })
}
