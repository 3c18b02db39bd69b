/** Answers the partner over the private channel: callers prove who they are as in failover, and only then is anything read from them. */
import { createServer as createHttpServer } from 'node:http'
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { PartnerChannel, TlsFiles } from '../configuration/server-configuration.ts'
import { toHttpProblem } from '../http/problem.filter.ts'
import { LimitedLog } from '../observability/notice-log.ts'
import type { Log } from '../observability/log.ts'
import { secureStream } from '../transport/tls/secure-stream.ts'
import { TlsMaterialInForce } from '../transport/tls/tls-material.ts'
import { methodOf, questionAt } from './channel-contract.ts'
import type { ChannelSource, Question } from './channel-contract.ts'

/** Of a partner for each relationship: two for what is asked now and then, and one on which a question is always open. */
const CONNECTIONS_OF_PARTNER = 3
/** Gone after the time of a handshake. */
const CONNECTIONS_OF_STRANGERS = 13
const HEADER_OCTETS_MAX = 8_192
/** Longer than the longest pause between two questions, so that a connection is used again. */
const IDLE_MAX_MS = 60_000
const LISTEN_AGAIN_MS = 10_000

/** One relationship that is answered here. */
export interface AnsweredLink {
  readonly relationship: string
  readonly channel: PartnerChannel
  readonly tls: TlsFiles
}

export class ChannelListener {
  readonly #links: readonly AnsweredLink[]
  readonly #local: PartnerChannel
  readonly #material: TlsMaterialInForce
  readonly #source: ChannelSource
  readonly #log: LimitedLog
  readonly #server: Server
  readonly #http: HttpServer
  readonly #namesOf = new WeakMap<Duplex, readonly string[]>()
  readonly #open = new Set<Duplex>()
  #timer: NodeJS.Timeout | undefined
  #problem: string | undefined

  /** `links` share one local address and port, and the files of their certificates; at least one. */
  constructor(links: readonly AnsweredLink[], source: ChannelSource, log: Log, clock: () => number) {
    const [first] = links
    if (first === undefined) throw new Error('a channel listener without a relationship')
    this.#links = links
    this.#local = first.channel
    const acceptedNames = links.flatMap(({ tls }) => tls.acceptedNames)
    this.#material = new TlsMaterialInForce({ ...first.tls, acceptedNames })
    this.#source = source
    this.#log = new LimitedLog(log, clock)
    this.#http = createHttpServer(
      { maxHeaderSize: HEADER_OCTETS_MAX, keepAliveTimeout: IDLE_MAX_MS },
      (request, response) => void this.#serve(request, response),
    )
    this.#server = createServer({ noDelay: true }, (socket) => void this.#accept(socket))
    this.#server.maxConnections = CONNECTIONS_OF_STRANGERS + CONNECTIONS_OF_PARTNER * links.length
    this.#server.on('error', (error) => this.#notListening(error))
  }

  get at(): string {
    const { localAddress: host, localPort: port } = this.#local
    return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  }

  get relationships(): readonly string[] {
    return this.#links.map(({ relationship }) => relationship)
  }

  /** Why nobody is answered now. */
  get problem(): string | undefined {
    return this.#problem
  }

  /** The port that is listened on; 0 in the configuration of a test leaves the choice to the system. */
  get port(): number | undefined {
    const address: string | AddressInfo | null = this.#server.address()
    return typeof address === 'object' ? address?.port : undefined
  }

  /** Settles after the first attempt. An address that is not there yet keeps no server from serving clients: it is tried again. */
  async start(): Promise<void> {
    const settled = new Promise<void>((resolve) => {
      this.#server.once('listening', resolve)
      this.#server.once('error', () => resolve())
    })
    this.#listen()
    await settled
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    for (const stream of this.#open) stream.destroy()
    if (!this.#server.listening) return
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #listen(): void {
    const { localAddress: host, localPort: port } = this.#local
    this.#server.listen({ host, port, ipv6Only: host.includes(':') }, () => {
      this.#problem = undefined
      this.#log.write({
        level: 'info',
        id: 'CHANNEL_LISTENING',
        message: `the partner's questions of ${this.relationships.join(', ')} are answered at ${this.at}`,
      })
    })
  }

  #notListening(error: Error): void {
    if (this.#server.listening) return
    if (this.#problem !== error.message) {
      this.#log.write({
        level: 'warning',
        id: 'CHANNEL_LISTENER_DOWN',
        message: `the partner's console cannot ask this server: ${error.message}; tried again every ${LISTEN_AGAIN_MS / 1000} s`,
      })
    }
    this.#problem = error.message
    this.#timer = setTimeout(() => this.#listen(), LISTEN_AGAIN_MS)
    this.#timer.unref()
  }

  async #accept(socket: Socket): Promise<void> {
    this.#keep(socket)
    socket.on('error', () => undefined)
    const address = socket.remoteAddress ?? 'a caller that has gone'
    try {
      const secured = await secureStream(socket, 'server', this.#material.current())
      if (!secured.ok) return this.#refused(address, secured.reason)
      const { stream, peer } = secured
      this.#keep(stream)
      stream.setTimeout(IDLE_MAX_MS, () => stream.destroy())
      this.#namesOf.set(stream, peer.names)
      this.#http.emit('connection', stream)
    } catch (error) {
      socket.destroy()
      this.#refused(address, error instanceof Error ? error.message : String(error))
    }
  }

  #keep(stream: Duplex): void {
    this.#open.add(stream)
    stream.once('close', () => this.#open.delete(stream))
  }

  #refused(address: string, reason: string): void {
    this.#log.write({
      level: 'warning',
      id: 'CHANNEL_CALLER_REFUSED',
      message: `a caller of the private channel was turned away: ${reason}`,
      fields: { address },
      limitedAs: address,
    })
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { status, body } = await this.#answer(request)
      send(response, status, body)
    } catch (error) {
      const { kind, status, details } = toHttpProblem(error)
      if (kind !== 'internal') return send(response, status, { problem: details.detail })
      this.#log.write({
        level: 'error',
        id: 'CHANNEL_FAILED',
        message: `a question of the partner could not be answered: ${String(error)}`,
        limitedAs: 'answer',
      })
      send(response, 500, { problem: 'the question could not be answered' })
    }
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const question = questionAt(request.url ?? '')
    if (question === undefined) return refusal(404, 'this is not asked here')
    if (request.method !== methodOf(question)) return refusal(405, `only ${methodOf(question)} is answered here`)
    const link = this.#links.find(({ relationship }) => relationship === question.relationship)
    if (link === undefined) return refusal(404, `there is no relationship ${question.relationship} here`)
    const names = this.#namesOf.get(request.socket) ?? []
    if (!link.tls.acceptedNames.some((name) => names.includes(name))) {
      return refusal(403, `${names.join(', ')} is not the partner of ${link.relationship}`)
    }
    const isOfAccounts = question.kind === 'accounts' || question.kind === 'sign-in-code'
    if (isOfAccounts && !link.channel.sharesAccounts) {
      return refusal(404, 'this server keeps accounts of its own')
    }
    const body = await answerOf(this.#source, question)
    return body === undefined ? refusal(404, 'there is no such record here') : { status: 200, body }
  }
}

interface Answer {
  readonly status: number
  readonly body: object
}

function refusal(status: number, problem: string): Answer {
  return { status, body: { problem } }
}

async function answerOf(source: ChannelSource, question: Question): Promise<object | undefined> {
  const { relationship } = question
  switch (question.kind) {
    case 'status':
      return source.status(relationship)
    case 'checks':
      return { items: await source.checks(relationship) }
    case 'timeline':
      return source.timeline(relationship, question)
    case 'pools':
      return source.pools(relationship, question.from)
    case 'settings':
      return source.settings(relationship, question.from)
    case 'lease':
      return source.lease(relationship, question.lease)
    case 'lease-hashes':
      return source.leaseHashes(relationship, question.keys)
    case 'lease-stretch':
      return source.leaseStretch(relationship, question)
    case 'accounts':
      return source.accounts(question.digest)
    case 'sign-in-code':
      return source.signInCode(relationship, question.hash)
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}
