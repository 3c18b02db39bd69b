/** Sends the declaration: one key for one intention, so that the same click twice is one act. */
import type { FailoverState, Relationship } from '@tandem/api-contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { api } from '../../api/api.ts'
import { newIdempotencyKey } from '../../api/idempotency-key.ts'
import { writeLiveEvent } from '../../api/live-cache.ts'
import { queryKeys } from '../../api/queries.ts'

export interface Declaration {
  readonly reason: string
  readonly seenState: FailoverState
  readonly force: boolean
  /** ISO 8601; absent: the waits count from now. */
  readonly downSince?: string
}

export function useDeclarePartnerDown(name: string, done: () => void) {
  const cache = useQueryClient()
  const intention = useRef<{ readonly body: string; readonly key: string } | undefined>(undefined)
  /** Another text or state is another intention; a second attempt at the same is not. */
  const keyFor = (declaration: Declaration): string => {
    const body = JSON.stringify(declaration)
    if (intention.current?.body !== body) intention.current = { body, key: newIdempotencyKey() }
    return intention.current.key
  }
  return useMutation({
    mutationFn: (declaration: Declaration) =>
      api.declarePartnerDown({ params: { name }, body: declaration, idempotencyKey: keyFor(declaration) }),
    onSuccess: (relationship: Relationship) => {
      writeLiveEvent(cache, { kind: 'relationship-changed', relationship })
      void cache.invalidateQueries({ queryKey: queryKeys.server })
      done()
    },
    onError: () => {
      // A refusal is final for its key, and whatever was refused was decided on an older picture.
      intention.current = undefined
      void cache.invalidateQueries({ queryKey: queryKeys.relationships })
    },
  })
}
