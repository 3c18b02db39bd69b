/** How fresh the page is: live, connecting, or stale with its age; never silently old. */
import type { LiveStatus, Server } from '@tandem/api-contract'
import { useEffect, useState } from 'react'
import { useLive } from '../../api/live.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Moment } from '../../ui/moment.tsx'
import { durationWords } from '../../ui/time-words.ts'

const words: Readonly<Record<LiveStatus['phase'], string>> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Not live',
}

export function LiveMark({ status }: { readonly status: LiveStatus }) {
  return (
    <span className="live-mark" data-phase={status.phase}>
      <span className="live-dot" aria-hidden />
      {words[status.phase]}
    </span>
  )
}

/** A hiccup shorter than this is not worth a banner. */
const HICCUP_MS = 1500

export function useIsStale(): boolean {
  const { status } = useLive()
  const since = status.phase === 'lost' ? status.since : undefined
  const [late, setLate] = useState(false)
  useEffect(() => {
    if (since === undefined) {
      setLate(false)
      return undefined
    }
    const timer = setTimeout(() => setLate(true), Math.max(0, since + HICCUP_MS - Date.now()))
    return () => clearTimeout(timer)
  }, [since])
  return late
}

export function StaleBanner({ server }: { readonly server: Server | undefined }) {
  const { status, retryNow } = useLive()
  const stale = useIsStale()
  if (stale && status.phase === 'lost') return <LostBanner status={status} retryNow={retryNow} />
  if (server?.stale !== true) return null
  return (
    <div className="stale-banner" role="alert">
      <Icon name="degraded" />
      <span>
        <strong>The part of {server.name} that serves clients is not reporting.</strong> What you see is from{' '}
        <Moment at={server.publishedAt} show="ago-and-clock" />.
      </span>
    </div>
  )
}

interface LostBannerProps {
  readonly status: Extract<LiveStatus, { readonly phase: 'lost' }>
  readonly retryNow: () => void
}

function LostBanner({ status, retryNow }: LostBannerProps) {
  const now = useBrowserNow()
  const { lastHeardAt, retryAt } = status
  return (
    <div className="stale-banner">
      <Icon name="unlinked" />
      <span>
        <strong role="alert">Stale: the connection to this server is lost.</strong>{' '}
        {lastHeardAt === null
          ? 'It has not been heard since this page was opened.'
          : `What you see is ${durationWords(now - lastHeardAt)} old.`}{' '}
        <span className="muted">
          {retryAt > now ? `Next attempt in ${durationWords(retryAt - now)}.` : 'Trying now…'}
        </span>
      </span>
      <Button size="small" onPress={retryNow}>
        Try now
      </Button>
    </div>
  )
}

/** The connection counts in the browser's time: the server's is not at hand. */
function useBrowserNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}
