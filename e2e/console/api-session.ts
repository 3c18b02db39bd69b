/** The API as a program sees it, signed in like a browser: what the console shows is compared with it. */
import type { Lease, LeasePage, Session } from '@tandem/api-contract'

export interface ApiSession {
  get<Answer>(path: string): Promise<Answer>
  post<Answer>(path: string, body: unknown): Promise<Answer>
}

export interface Credentials {
  readonly user: string
  readonly password: string
}

export async function signInToApi(console: string, { user, password }: Credentials): Promise<ApiSession> {
  const headers: Record<string, string> = { 'content-type': 'application/json', origin: console }
  const call = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<Response> => {
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
    const answer = await fetch(`${console}/api/v1${path}`, init)
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }
  const signedIn = await call('POST', '/session', { name: user, password })
  headers['cookie'] = signedIn.headers.getSetCookie().map(cookieOf).join('; ')
  await ((await call('GET', '/session')).json() as Promise<Session>)
  return {
    // The contract says what each path answers; the caller names it.
    get: async <Answer>(path: string) => (await (await call('GET', path)).json()) as Answer,
    post: async <Answer>(path: string, body: unknown) => (await (await call('POST', path, body)).json()) as Answer,
  }
}

function cookieOf(header: string): string {
  return header.split(';', 1)[0] ?? ''
}

const PAGE_SIZE = 500

/** Lease, state and client of each record, sorted: what two servers must agree on. */
export async function leaseLines(api: ApiSession): Promise<readonly string[]> {
  const lines: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page: LeasePage = await api.get<LeasePage>(`/leases?limit=${PAGE_SIZE}${after}`)
    lines.push(...page.items.map(leaseLine))
    cursor = page.nextCursor
  }
  return lines.toSorted()
}

function leaseLine({ lease, state, client }: Lease): string {
  return `${lease} ${state} ${client?.duid ?? '-'}`
}
