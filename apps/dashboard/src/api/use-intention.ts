/** One key for one intention: the same click twice is one act, and another text or state is another intention. */
import { useRef } from 'react'
import { newIdempotencyKey } from './idempotency-key.ts'

export interface Intention {
  /** The same key for as long as what is wanted is the same. */
  readonly keyFor: (wanted: string) => string
  /** A refusal is final for its key, and whatever was refused was decided on an older picture. */
  readonly giveUp: () => void
}

export function useIntention(): Intention {
  const intention = useRef<{ readonly wanted: string; readonly key: string } | undefined>(undefined)
  return {
    keyFor: (wanted) => {
      if (intention.current?.wanted !== wanted) intention.current = { wanted, key: newIdempotencyKey() }
      return intention.current.key
    },
    giveUp: () => {
      intention.current = undefined
    },
  }
}
