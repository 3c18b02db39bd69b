/** The time on the page: the server's clock as it was last heard, ticking each second with the browser's. */
import { useSyncExternalStore } from 'react'

let offsetMs: number | undefined
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function tick(): void {
  now = Date.now() + (offsetMs ?? 0)
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(tick, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** What the server said its clock shows. A reading is late, never early, so of all the one furthest ahead is the best: late ones do no harm. */
export function setServerTime(at: string): void {
  const ahead = Date.parse(at) - Date.now()
  if (!Number.isNaN(ahead)) offsetMs = Math.max(ahead, offsetMs ?? ahead)
}

/** Unix milliseconds, new each second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}
