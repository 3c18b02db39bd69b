/** The API as the console calls it: the contract's client over the browser's own fetch, with the cookie of the session. */
import { createApiClient, noAnswer } from '@tandem/api-contract'
import type { Transport } from '@tandem/api-contract'
import { newIdempotencyKey } from './idempotency-key.ts'

const overFetch: Transport<AbortSignal> = async ({ method, path, headers, body }, signal) => {
  const response = await send(path, {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    headers,
    body: body ?? null,
    signal: signal ?? null,
  })
  return { status: response.status, body: await jsonOf(response) }
}

/** Who asks again when no answer came is the query client: a person looks on. */
export const api = createApiClient<AbortSignal>({ transport: overFetch, newIdempotencyKey })

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw noAnswer()
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    return undefined
  }
}
