/** Sends a command on a relationship: one key for one intention, so that the same click twice is one act. */
import type { Relationship } from '@tandem/api-contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { api } from '../../api/api.ts'
import { newIdempotencyKey } from '../../api/idempotency-key.ts'
import { writeLiveEvent } from '../../api/live-cache.ts'
import { queryKeys } from '../../api/queries.ts'

export type ServiceCommandName = Exclude<keyof Relationship['commands'], 'declarePartnerDown'>

export function useServiceCommand(command: ServiceCommandName, name: string, done: () => void) {
  const cache = useQueryClient()
  const intention = useRef<{ readonly reason: string; readonly key: string } | undefined>(undefined)
  /** Another reason is another intention; a second attempt at the same is not. */
  const keyFor = (reason: string): string => {
    if (intention.current?.reason !== reason) intention.current = { reason, key: newIdempotencyKey() }
    return intention.current.key
  }
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
      // A refusal is final for its key, and what was refused was decided on an older picture.
      intention.current = undefined
      void cache.invalidateQueries({ queryKey: queryKeys.relationships })
    },
  })
}
