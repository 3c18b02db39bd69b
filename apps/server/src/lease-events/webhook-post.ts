/** One delivery over HTTP: what the receiver answered, or in words why there is no answer. Redirects are answers, and not followed. */
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { WEBHOOK_ANSWER_SECONDS } from '@tandem/api-contract'

export interface Posted {
  /** Undefined: there was no answer. */
  readonly status: number | undefined
  /** Undefined: accepted. */
  readonly problem: string | undefined
}

export interface WebhookTarget {
  readonly url: string
  /** PEM; null: the public authorities. */
  readonly certificateAuthority: string | null
}

/** Of an answer; the rest is not read. */
const ANSWER_OCTETS_MAX = 65_536
const PROBLEM_LENGTH_MAX = 300

/** Keeps its connection from delivery to delivery. */
export class WebhookPost {
  readonly #url: URL
  readonly #agent: HttpAgent

  constructor({ url, certificateAuthority }: WebhookTarget) {
    this.#url = new URL(url)
    const kept = { keepAlive: true, maxSockets: 1 }
    this.#agent =
      this.#url.protocol === 'https:'
        ? new HttpsAgent({ ...kept, ...(certificateAuthority === null ? {} : { ca: certificateAuthority }) })
        : new HttpAgent(kept)
  }

  /** Never rejects. */
  async send(body: string, headers: Readonly<Record<string, string>>, stops: AbortSignal): Promise<Posted> {
    const limit = AbortSignal.timeout(WEBHOOK_ANSWER_SECONDS * 1000)
    try {
      const answer = await this.#ask(body, headers, AbortSignal.any([limit, stops]))
      const status = answer.statusCode ?? 0
      await swallow(answer)
      return { status, problem: status >= 200 && status < 300 ? undefined : refusalWords(status) }
    } catch (error) {
      if (stops.aborted) return { status: undefined, problem: 'this server stops' }
      const why = limit.aborted ? `no answer within ${WEBHOOK_ANSWER_SECONDS} s` : wordsOf(error)
      return { status: undefined, problem: why }
    }
  }

  close(): void {
    this.#agent.destroy()
  }

  async #ask(body: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const send = this.#url.protocol === 'https:' ? httpsRequest : httpRequest
      const question = send(this.#url, {
        method: 'POST',
        agent: this.#agent,
        signal,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'tandem',
          ...headers,
        },
      })
      question.once('response', resolve)
      question.once('error', reject)
      question.end(body)
    })
  }
}

/** So that the connection can be used again. */
async function swallow(answer: IncomingMessage): Promise<void> {
  let octets = 0
  const body: AsyncIterable<Buffer> = answer
  for await (const chunk of body) {
    octets += chunk.length
    if (octets <= ANSWER_OCTETS_MAX) continue
    answer.destroy()
    return
  }
}

function refusalWords(status: number): string {
  if (status >= 300 && status < 400)
    return `it answered ${status}, a redirect, which is not followed: give the webhook the new URL`
  return `it answered ${status}`
}

function wordsOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text
    .trim()
    .replaceAll(/\p{Cc}/gu, '?')
    .slice(0, PROBLEM_LENGTH_MAX)
}
