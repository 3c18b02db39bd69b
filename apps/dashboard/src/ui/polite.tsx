/** Tells a screen reader what changes often, but at most every ten seconds (WCAG 4.1.3). */
import { useEffect, useRef, useState } from 'react'

const PAUSE_MS = 10_000

export function Polite({ text }: { readonly text: string }) {
  const [said, setSaid] = useState('')
  const lastAt = useRef(0)
  useEffect(() => {
    const rest = lastAt.current + PAUSE_MS - Date.now()
    const timer = setTimeout(
      () => {
        lastAt.current = Date.now()
        setSaid(text)
      },
      Math.max(0, rest),
    )
    return () => clearTimeout(timer)
  }, [text])
  return (
    <span aria-live="polite" className="only-heard">
      {said}
    </span>
  )
}
