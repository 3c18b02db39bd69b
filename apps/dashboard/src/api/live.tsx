/** Keeps the live connection for as long as somebody is signed in, and tells pages how fresh they are. */
import { LIVE_PATH, LiveConnection } from '@tandem/api-contract'
import type { LiveEvent, LiveSocket, LiveSocketEvents, LiveStatus, LiveSurroundings } from '@tandem/api-contract'
import { useQueryClient } from '@tanstack/react-query'
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { refetchEverythingLive, refetchWhatIsNotShownWhole, writeLiveEvent } from './live-cache.ts'
import { queryKeys, sessionQuery } from './queries.ts'

export type LeaseChanged = Extract<LiveEvent, { readonly kind: 'lease-changed' }>

export interface LeaseWatcher {
  /** `at`: the server's clock. */
  readonly changed: (event: LeaseChanged, at: string) => void
  /** Changes went by unseen. */
  readonly missed: () => void
}

export interface Live {
  readonly status: LiveStatus
  readonly retryNow: () => void
  /** Single leases as they change, until the answer is called. */
  readonly watchLeases: (watcher: LeaseWatcher) => () => void
}

const LiveContext = createContext<Live>({
  status: { phase: 'connecting' },
  retryNow: () => undefined,
  watchLeases: () => () => undefined,
})

export function useLive(): Live {
  return useContext(LiveContext)
}

function openWebSocket(events: LiveSocketEvents): LiveSocket {
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${LIVE_PATH}`)
  socket.onmessage = ({ data }: MessageEvent<unknown>) => events.message(data)
  socket.onclose = ({ code }) => events.closed(code)
  return {
    send: (text) => socket.send(text),
    close: () => {
      socket.onmessage = null
      socket.onclose = null
      socket.close()
    },
  }
}

const inBrowser: LiveSurroundings = {
  openSocket: openWebSocket,
  now: () => Date.now(),
  chance: () => Math.random(),
  after: (delayMs, act) => {
    const timer = setTimeout(act, delayMs)
    return () => clearTimeout(timer)
  },
}

export interface LiveProviderProps {
  /** The server's clock, each time it is heard. */
  readonly onServerTime: (at: string) => void
  readonly children: ReactNode
}

export function LiveProvider({ onServerTime, children }: LiveProviderProps) {
  const cache = useQueryClient()
  const [status, setStatus] = useState<LiveStatus>({ phase: 'connecting' })
  const connection = useRef<LiveConnection | undefined>(undefined)
  const watchers = useRef(new Set<LeaseWatcher>())

  useEffect(() => {
    const tellAll = (tell: (watcher: LeaseWatcher) => void): void => watchers.current.forEach(tell)
    const opened = new LiveConnection(inBrowser, {
      changed: (event, at) => {
        writeLiveEvent(cache, event)
        if (event.kind === 'lease-changed') tellAll((watcher) => watcher.changed(event, at))
      },
      began: () => {
        refetchWhatIsNotShownWhole(cache)
        tellAll((watcher) => watcher.missed())
      },
      missed: () => {
        refetchEverythingLive(cache)
        tellAll((watcher) => watcher.missed())
      },
      serverTime: onServerTime,
      sessionEnded: () => cache.setQueryData(queryKeys.session, null),
      status: (next) => {
        setStatus(next)
        if (next.phase !== 'lost') return
        // Of a gap single leases are not told again.
        tellAll((watcher) => watcher.missed())
        // A refused upgrade does not say why: perhaps the session has ended.
        void cache.invalidateQueries({ queryKey: sessionQuery.queryKey })
      },
    })
    opened.wish({ singleLeases: watchers.current.size > 0 })
    opened.open()
    connection.current = opened
    const back = (): void => opened.retryNow()
    window.addEventListener('online', back)
    return () => {
      window.removeEventListener('online', back)
      opened.close()
    }
  }, [cache, onServerTime])

  const watchLeases = useCallback((watcher: LeaseWatcher) => {
    const wish = (): void => connection.current?.wish({ singleLeases: watchers.current.size > 0 })
    watchers.current.add(watcher)
    wish()
    return () => {
      watchers.current.delete(watcher)
      wish()
    }
  }, [])

  const live = useMemo(
    () => ({ status, retryNow: () => connection.current?.retryNow(), watchLeases }),
    [status, watchLeases],
  )
  return <LiveContext value={live}>{children}</LiveContext>
}
