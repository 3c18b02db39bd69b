/**
 * Asks the partner over the private channel. Connections are secured as those of failover are, and kept while they serve;
 * every question has its limit in time and in size, and every way to fail is told in words.
 */
import { Agent, request } from 'node:http'
import type { ClientRequest, ClientRequestArgs, IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import type { Duplex } from 'node:stream'
import type { PartnerChannel, TlsFiles } from '../configuration/server-configuration.ts'
import { secureStream } from '../transport/tls/secure-stream.ts'
import { ChannelProblem } from './channel-contract.ts'
import { TlsMaterialInForce, type TlsMaterial } from '../transport/tls/tls-material.ts'

const ANSWER_WITHIN_MS = 3_000
const ANSWER_OCTETS_MAX = 262_144
/** Of what the partner says went wrong. */
const PROBLEM_LENGTH_MAX = 300

export type Asked =
  | {
      readonly kind: 'answered'
      readonly body: unknown
      /** When the question left and its answer began. */
      readonly sentAtMs: number
      readonly receivedAtMs: number
    }
  /** Something answers there, but not so that it can be used. `status`: of HTTP, if it came so far. */
  | { readonly kind: 'unusable'; readonly problem: string; readonly status?: number }
  | { readonly kind: 'silent'; readonly problem: string }

export interface AskedPartner {
  readonly channel: PartnerChannel
  readonly tls: TlsFiles
  readonly clock: () => number
  /** Until the whole answer is there; three seconds unless it says otherwise. */
  readonly withinMs?: number
  /** Of an answer; 256 KiB unless it says otherwise. */
  readonly octetsMax?: number
}

export class PartnerQuestions {
  readonly #channel: PartnerChannel
  readonly #material: TlsMaterialInForce
  readonly #clock: () => number
  readonly #withinMs: number
  readonly #octetsMax: number
  readonly #agent = new ChannelAgent(() => this.#open())

  constructor(asked: AskedPartner) {
    const { channel, tls, clock, withinMs = ANSWER_WITHIN_MS, octetsMax = ANSWER_OCTETS_MAX } = asked
    this.#channel = channel
    this.#material = new TlsMaterialInForce(tls)
    this.#clock = clock
    this.#withinMs = withinMs
    this.#octetsMax = octetsMax
  }

  /** Never rejects. */
  async ask(path: string, method: 'GET' | 'POST' = 'GET'): Promise<Asked> {
    const limit = AbortSignal.timeout(this.#withinMs)
    const asked = await this.#askOnce(path, method, limit)
    if (asked !== 'kept-connection-closed') return asked
    const again = await this.#askOnce(path, method, limit)
    return again === 'kept-connection-closed' ? { kind: 'silent', problem: 'it closes every connection' } : again
  }

  close(): void {
    this.#agent.destroy()
  }

  #askOnce(path: string, method: 'GET' | 'POST', limit: AbortSignal): Promise<Asked | 'kept-connection-closed'> {
    return new Promise((resolve) => {
      const { partnerAddress: host, partnerPort: port } = this.#channel
      let sentAtMs = this.#clock()
      const headers = { accept: 'application/json' }
      const question = request({ agent: this.#agent, host, port, path, method, headers, signal: limit })
      question.once('socket', () => {
        sentAtMs = this.#clock()
      })
      question.once('response', (response) => {
        const receivedAtMs = this.#clock()
        void this.#answerIn(response, limit).then((read) =>
          resolve(read.kind === 'answered' ? { ...read, sentAtMs, receivedAtMs } : read),
        )
      })
      question.once('error', (error) => resolve(this.#failure(error, question, limit)))
      question.end()
    })
  }

  #failure(error: Error, question: ClientRequest, limit: AbortSignal): Asked | 'kept-connection-closed' {
    if (error instanceof NoConnection) return { kind: error.kind, problem: error.message }
    if (limit.aborted) return this.#tooLate()
    if (question.reusedSocket) return 'kept-connection-closed'
    const isOtherProtocol = 'code' in error && String(error.code).startsWith('HPE_')
    return {
      kind: 'unusable',
      problem: isOtherProtocol
        ? 'what answers does not speak HTTP'
        : 'it closed the connection without an answer; it may not accept our certificate',
    }
  }

  #tooLate(): Extract<Asked, { kind: 'silent' }> {
    return { kind: 'silent', problem: `no answer within ${this.#withinMs / 1000} s` }
  }

  async #answerIn(
    response: IncomingMessage,
    limit: AbortSignal,
  ): Promise<{ readonly kind: 'answered'; readonly body: unknown } | Exclude<Asked, { kind: 'answered' }>> {
    const text = await readText(response, this.#octetsMax)
    if (text === 'too-long') return { kind: 'unusable', problem: 'its answer is too long' }
    if (text === 'cut-off') {
      if (limit.aborted) return this.#tooLate()
      return { kind: 'unusable', problem: 'its answer ends in the middle' }
    }
    const body = parsed(text.text)
    const status = response.statusCode ?? 0
    if (status !== 200) return { kind: 'unusable', problem: refusalWords(status, body), status }
    return body === undefined ? { kind: 'unusable', problem: 'its answer is not JSON' } : { kind: 'answered', body }
  }

  async #open(): Promise<Duplex> {
    const material = this.#materialOrSentence()
    const { partnerAddress: host, partnerPort: port } = this.#channel
    const socket = connect({ host, port, noDelay: true })
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      socket.destroy()
    }, this.#withinMs)
    try {
      await connected(socket)
      const secured = await secureStream(socket, 'client', material)
      if (secured.ok) return secured.stream
      socket.destroy()
      throw isLate
        ? new NoConnection('silent', this.#tooLate().problem)
        : new NoConnection('unusable', oneLine(secured.reason))
    } finally {
      clearTimeout(timer)
    }
  }

  #materialOrSentence(): TlsMaterial {
    try {
      return this.#material.current()
    } catch (error) {
      throw new NoConnection('silent', error instanceof Error ? error.message : String(error))
    }
  }
}

class NoConnection extends Error {
  readonly kind: 'unusable' | 'silent'

  constructor(kind: NoConnection['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}

class ChannelAgent extends Agent {
  readonly #open: () => Promise<Duplex>

  constructor(open: () => Promise<Duplex>) {
    super({ keepAlive: true, maxSockets: 2, maxFreeSockets: 1 })
    this.#open = open
  }

  override createConnection(
    _options: ClientRequestArgs,
    done?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    this.#open().then(
      (stream) => done?.(null, stream),
      // Node looks at the stream only where there is no error, though its types ask for one.
      (error: unknown) => done?.(error instanceof Error ? error : new Error(String(error)), new PassThrough()),
    )
    return undefined
  }
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve)
    socket.on('error', (error) => reject(new NoConnection('silent', error.message)))
    socket.once('close', () => reject(new NoConnection('silent', 'no connection within the time limit')))
  })
}

async function readText(
  response: IncomingMessage,
  octetsMax: number,
): Promise<{ readonly text: string } | 'too-long' | 'cut-off'> {
  const chunks: Buffer[] = []
  let octets = 0
  try {
    const body: AsyncIterable<Buffer> = response
    for await (const chunk of body) {
      octets += chunk.length
      if (octets > octetsMax) {
        response.destroy()
        return 'too-long'
      }
      chunks.push(chunk)
    }
  } catch {
    return 'cut-off'
  }
  return response.complete ? { text: Buffer.concat(chunks).toString('utf8') } : 'cut-off'
}

function parsed(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text)
    return body
  } catch {
    return undefined
  }
}

function refusalWords(status: number, body: unknown): string {
  const said = ChannelProblem.safeParse(body)
  const clean = said.success ? oneLine(said.data.problem) : ''
  return clean === '' ? `it refuses the question (${status})` : `it refuses the question: ${clean}`
}

/** What comes from elsewhere, or from the depths of a library, is shown within a sentence. */
function oneLine(text: string): string {
  return text
    .trim()
    .replaceAll(/\p{Cc}/gu, '?')
    .slice(0, PROBLEM_LENGTH_MAX)
}
