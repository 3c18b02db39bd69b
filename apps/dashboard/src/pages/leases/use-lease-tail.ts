/** Listens to single leases for as long as the page is open, and draws a few times a second however many change. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { useLive } from '../../api/live.tsx'
import { emptyTail, heardInTail } from './lease-tail.ts'
import type { Tail, TailRow } from './lease-tail.ts'

const DRAWN_EVERY_MS = 250
/** A page in the background draws seldom: what does not fit until then is counted, not gathered. */
const HEARD_MAX = 2_000

export function useLeaseTail(isHeld: boolean): { readonly tail: Tail; readonly clear: () => void } {
  const { watchLeases } = useLive()
  const [tail, setTail] = useState(emptyTail)
  const heard = useRef<TailRow[]>([])
  const lost = useRef(0)
  const lastNumber = useRef(0)

  useEffect(() => {
    const hear = (row: TailRow): void => {
      heard.current.push(row)
      if (heard.current.length <= HEARD_MAX) return
      heard.current.shift()
      lost.current += 1
    }
    const next = (): number => (lastNumber.current += 1)
    return watchLeases({
      changed: (change, at) => hear({ number: next(), at, change }),
      // Before the first one nothing can be missing.
      missed: () => {
        if (lastNumber.current > 0) hear({ number: next(), change: undefined })
      },
    })
  }, [watchLeases])

  useEffect(() => {
    const draw = (): void => {
      const newest = heard.current.toReversed()
      const lostNow = lost.current
      heard.current = []
      lost.current = 0
      setTail((before) =>
        newest.length > 0 || (!isHeld && before.waiting.length > 0)
          ? heardInTail(before, newest, isHeld, lostNow)
          : before,
      )
    }
    draw()
    const timer = setInterval(draw, DRAWN_EVERY_MS)
    return () => clearInterval(timer)
  }, [isHeld])

  const clear = useCallback(() => setTail(emptyTail), [])
  return { tail, clear }
}
