/** Signatures of Standard Webhooks (decision 0114): whoever has the secret knows that a delivery is from us, and that it is fresh. */
import { createHmac } from 'node:crypto'

const SECRET_PREFIX = 'whsec_'

export interface SignedHeaders {
  readonly 'webhook-id': string
  readonly 'webhook-timestamp': string
  readonly 'webhook-signature': string
}

/** `atMs`: of this attempt. */
export function signedHeaders(secret: string, id: string, body: string, atMs: number): SignedHeaders {
  const timestamp = String(Math.floor(atMs / 1000))
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}
