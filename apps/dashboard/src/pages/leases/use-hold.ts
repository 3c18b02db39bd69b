/** Rows are held while somebody says so, or has the pointer or the focus on them. */
import { useMemo, useState } from 'react'
import type { FocusEvent } from 'react'

export interface Hold {
  readonly isHeld: boolean
  readonly isPaused: boolean
  readonly pause: (isPaused: boolean) => void
  /** For the element around the rows. */
  readonly handlers: {
    readonly onPointerEnter: () => void
    readonly onPointerLeave: () => void
    readonly onFocus: () => void
    readonly onBlur: (event: FocusEvent<HTMLElement>) => void
  }
}

export function useHold(): Hold {
  const [isPaused, pause] = useState(false)
  const [isTouched, setTouched] = useState(false)
  const handlers = useMemo(
    () => ({
      onPointerEnter: () => setTouched(true),
      onPointerLeave: () => setTouched(false),
      onFocus: () => setTouched(true),
      onBlur: (event: FocusEvent<HTMLElement>) => setTouched(event.currentTarget.contains(event.relatedTarget)),
    }),
    [],
  )
  return { isHeld: isPaused || isTouched, isPaused, pause, handlers }
}
