/** At the head of a printed page, and there only: of which server it is, under which address, and how old what it says was. */
import { useHref, useLocation } from 'react-router'
import { useLive } from '../../api/live.tsx'
import { useNow } from '../../ui/clock.ts'
import { fullTime } from '../../ui/time-words.ts'

export function PrintedHead({ serverName }: { readonly serverName: string }) {
  const { pathname, search } = useLocation()
  const path = useHref(pathname + search)
  const { status } = useLive()
  const now = useNow()
  const heardAt = status.phase === 'lost' ? status.lastHeardAt : now
  return (
    <p className="only-printed">
      Tandem, console of {serverName} · {location.origin + path} ·{' '}
      {heardAt === null ? 'the server was not heard' : `as of ${fullTime(heardAt)}`}
      {status.phase === 'lost' && ', not live'}
    </p>
  )
}
