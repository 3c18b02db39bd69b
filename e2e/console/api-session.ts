/** The API as a program sees it, signed in like a browser: what the console shows is compared with it. */
import { createApiClient, itemsOf } from '@tandem/api-contract'
import type { ApiClient, Lease, Transport } from '@tandem/api-contract'

export type ApiSession = ApiClient<never>

export interface Credentials {
  readonly user: string
  readonly password: string
}

export async function signInToApi(console: string, { user, password }: Credentials): Promise<ApiSession> {
  let cookie = ''
  const transport: Transport<never> = async ({ method, path, headers, body }) => {
    const request = {
      method,
      headers: { ...headers, origin: console, cookie },
      ...(body === undefined ? {} : { body }),
    }
    const answer = await fetch(console + path, request)
    cookie = answer.headers.getSetCookie().map(cookieOf).join('; ') || cookie
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) }
  }
  const api = createApiClient<never>({ transport, newIdempotencyKey: () => crypto.randomUUID() })
  await api.signIn({ body: { name: user, password } })
  await api.getSession()
  return api
}

function cookieOf(header: string): string {
  return header.split(';', 1)[0] ?? ''
}

const PAGE_SIZE = 500

/** Lease, state and client of each record, sorted: what two servers must agree on. */
export async function leaseLines(api: ApiSession): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const lease of itemsOf((cursor) => api.listLeases({ query: { limit: PAGE_SIZE, cursor } }))) {
    lines.push(leaseLine(lease))
  }
  return lines.toSorted()
}

function leaseLine({ lease, state, client }: Lease): string {
  return `${lease} ${state} ${client?.duid ?? '-'}`
}
