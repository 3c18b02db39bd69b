/** The contract's client over Node's own HTTP, for a program with a token; a private authority may be trusted. */
import { randomUUID } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { createApiClient, noAnswer } from '@tandem/api-contract'
import type { ApiClient, ApiRequest, ApiResponse, Transport } from '@tandem/api-contract'
import type { Connection } from './connection.ts'
import { errorCode } from '../user-error.ts'

export type CtlApi = ApiClient<never>

const ATTEMPTS_MAX = 4

/** A request that got no answer within so long has failed. */
export function apiOverHttp(connection: Connection, timeoutSeconds: number, attemptsMax = ATTEMPTS_MAX): CtlApi {
  const transport: Transport<never> = async (request) => {
    try {
      return await send(connection, request, timeoutSeconds)
    } catch (error) {
      throw noAnswer(reasonOf(connection, error, timeoutSeconds))
    }
  }
  const patience = { attemptsMax, wait: async (seconds: number) => sleep(seconds * 1000) }
  return createApiClient<never>({ transport, newIdempotencyKey: randomUUID, patience })
}

const TIMED_OUT = 'TIMED_OUT'

async function send({ url, token, ca }: Connection, request: ApiRequest, timeoutSeconds: number): Promise<ApiResponse> {
  const { method, path, headers, body } = request
  const options = {
    method,
    headers: { ...headers, Authorization: `Bearer ${token}`, ...lengthOf(body) },
    signal: AbortSignal.timeout(timeoutSeconds * 1000),
  }
  const sent = url.startsWith('https:')
    ? https.request(url + path, { ...options, ...(ca === undefined ? {} : { ca }) })
    : http.request(url + path, options)
  return new Promise((resolve, reject) => {
    sent.on('error', reject)
    sent.on('response', (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parsed(Buffer.concat(parts)) }))
    })
    sent.end(body)
  })
}

const lengthOf = (body: string | undefined) =>
  body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }

/** Undefined: no JSON, which the client says of its own. */
function parsed(octets: Buffer): unknown {
  try {
    return JSON.parse(octets.toString())
  } catch {
    return undefined
  }
}

const UNTRUSTED: ReadonlySet<string> = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** What went wrong on the way, in a sentence, for HTTP and for the live connection. */
export function reasonOf({ url }: Connection, error: unknown, timeoutSeconds: number): string {
  const code = error instanceof Error && error.name === 'TimeoutError' ? TIMED_OUT : errorCode(error)
  if (code === TIMED_OUT || code === 'ABORT_ERR') return `${url} has not answered within ${timeoutSeconds} s.`
  if (code !== undefined && UNTRUSTED.has(code)) {
    return `The certificate of ${url} is signed by no authority that is trusted here (${code}): name its authority with --ca.`
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `The certificate of ${url} is for another name: call the server by a name that stands in it.`
  }
  return `${url} cannot be reached (${code ?? String(error)}).`
}
