/** Whether a browser sends a request from our own pages: what guards a cookie beside SameSite (CSRF, cross-site WebSocket). */
import type { IncomingHttpHeaders } from 'node:http'

export type OriginVerdict = 'own' | 'foreign' | 'absent'

/** A reverse proxy may end TLS in front of us, so the host decides; where we end it ourselves, the scheme too. */
export function originVerdict(headers: IncomingHttpHeaders, ownTls: boolean): OriginVerdict {
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  if (origin === undefined)
    return site === undefined || site === 'same-origin' || site === 'none' ? 'absent' : 'foreign'
  const parsed = URL.parse(origin)
  if (parsed === null || host === undefined || parsed.host !== host) return 'foreign'
  return ownTls && parsed.protocol !== 'https:' ? 'foreign' : 'own'
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** A bearer token is never added by a browser on its own, so only what rides on a cookie, or on nothing, is checked. */
export function isForgeable(method: string, headers: IncomingHttpHeaders): boolean {
  return !SAFE_METHODS.has(method) && headers.authorization === undefined
}
