/** How wide an element is laid out, in CSS pixels, also after the window has changed. */
import { useEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'

export function useWidth<E extends Element>(atFirst: number): readonly [RefObject<E | null>, number] {
  const element = useRef<E>(null)
  const [width, setWidth] = useState(atFirst)
  useEffect(() => {
    const watched = element.current
    if (watched === null) return undefined
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0) setWidth(Math.floor(entry.contentRect.width))
    })
    observer.observe(watched)
    return () => observer.disconnect()
  }, [])
  return [element, width]
}
