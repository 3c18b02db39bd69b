/** The time on the page: the server's clock as it was last heard, ticking each second with the browser's. */
import { useSyncExternalStore } from 'react'

let offsetMs = 0
let lastHeard = 0
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function tick(): void {
  now = Date.now() + offsetMs
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

/** What the server said its clock shows; how long the answer was under way is small beside a second. */
export function setServerTime(at: string): void {
  const heard = Date.parse(at)
  // The same reading may come again later, with a cached answer; the clock of a server never steps back.
  if (Number.isNaN(heard) || heard <= lastHeard) return
  lastHeard = heard
  offsetMs = heard - Date.now()
}

/** Unix milliseconds, new each second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}
