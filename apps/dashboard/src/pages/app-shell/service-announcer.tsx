/** Tells a screen reader when the service level changes, and only then (WCAG 4.1.3). */
import type { Headline } from '@tandem/api-contract'
import { useEffect, useRef, useState } from 'react'

export function ServiceAnnouncer({ headline }: { readonly headline: Headline | undefined }) {
  const level = useRef<Headline['level'] | undefined>(undefined)
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (headline === undefined || headline.level === level.current) return
    // What the page shows when it opens is read with the page.
    if (level.current !== undefined) setSaid(headline.sentence)
    level.current = headline.level
  }, [headline])
  return (
    <div role="alert" className="only-heard">
      {said}
    </div>
  )
}
