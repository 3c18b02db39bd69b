/** Keeps the live connection for as long as somebody is signed in, and tells pages how fresh they are. */
import { LIVE_PATH, LiveConnection } from '@tandem/api-contract'
import type { LiveSocket, LiveSocketEvents, LiveStatus, LiveSurroundings } from '@tandem/api-contract'
import { useQueryClient } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { refetchEverythingLive, writeLiveEvent } from './live-cache.ts'
import { queryKeys, sessionQuery } from './queries.ts'

export interface Live {
  readonly status: LiveStatus
  readonly retryNow: () => void
}

const LiveContext = createContext<Live>({ status: { phase: 'connecting' }, retryNow: () => undefined })

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

  useEffect(() => {
    const opened = new LiveConnection(inBrowser, {
      changed: (event) => writeLiveEvent(cache, event),
      missed: () => refetchEverythingLive(cache),
      serverTime: onServerTime,
      sessionEnded: () => cache.setQueryData(queryKeys.session, null),
      status: (next) => {
        setStatus(next)
        // A refused upgrade does not say why: perhaps the session has ended.
        if (next.phase === 'lost') void cache.invalidateQueries({ queryKey: sessionQuery.queryKey })
      },
    })
    opened.open()
    connection.current = opened
    const back = (): void => opened.retryNow()
    window.addEventListener('online', back)
    return () => {
      window.removeEventListener('online', back)
      opened.close()
    }
  }, [cache, onServerTime])

  const live = useMemo(() => ({ status, retryNow: () => connection.current?.retryNow() }), [status])
  return <LiveContext value={live}>{children}</LiveContext>
}
