/** Clients that ask once and never again, so that every question that nobody answers shows: SOLICIT of new ones, REBIND and RENEW of holders. */
import { createSocket, type Socket } from 'node:dgram'
import { makeDuidLl, MessageType, type Duid } from '@tandem/protocol'
import { clientMessage, readAnswer, type ClientLease, type ClientMessageName } from './client-message.ts'
import { LOAD_LINK, type LoopbackPair } from './loopback-pair.ts'
import { addressOf, peerAddressOf, relayed, unwrapped } from './relayed-message.ts'

export interface Holder {
  readonly duid: Duid
  readonly lease: ClientLease
  /** Whose answer it had last. */
  server: Duid
}

interface Asked {
  readonly name: ClientMessageName
  readonly atMs: number
  readonly holder: Holder | undefined
  answeredAfterMs: number | undefined
}

/** A question to each kind so often. */
const EVERY_MS = 20
/** A holder whose RENEW nobody answered turns to any server. */
const RENEW_PATIENCE_MS = 1000

export interface Waits {
  readonly asked: number
  readonly unanswered: number
  readonly longestMs: number
}

export class OnceAskingClients {
  readonly #pair: LoopbackPair
  readonly #socket: Socket
  readonly #holders: readonly Holder[]
  readonly #asked = new Map<number, Asked>()
  #timer: NodeJS.Timeout | undefined
  #next = 0
  #turn = 0
  #hadToRebind = 0

  private constructor(pair: LoopbackPair, socket: Socket, holders: readonly Holder[]) {
    this.#pair = pair
    this.#socket = socket
    this.#holders = holders
    socket.on('message', (bytes) => this.#receive(bytes))
  }

  static async start(pair: LoopbackPair, holders: readonly Holder[]): Promise<OnceAskingClients> {
    const socket = createSocket('udp6')
    socket.on('error', () => undefined)
    await new Promise<void>((resolve) => socket.bind(0, '::1', resolve))
    const clients = new OnceAskingClients(pair, socket, holders)
    clients.#timer = setInterval(() => clients.#tick(), EVERY_MS)
    return clients
  }

  /** Holders that asked their server to renew and got no answer. */
  get hadToRebind(): number {
    return this.#hadToRebind
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  close(): void {
    this.stop()
    this.#socket.close()
  }

  waits(name: ClientMessageName): Waits {
    const all = [...this.#asked.values()].filter((asked) => asked.name === name)
    const answered = all.flatMap(({ answeredAfterMs }) => answeredAfterMs ?? [])
    return { asked: all.length, unanswered: all.length - answered.length, longestMs: Math.max(0, ...answered) }
  }

  #tick(): void {
    this.#turn += 1
    this.#ask('solicit', this.#newDuid(), undefined)
    const holder = this.#holders[this.#turn % this.#holders.length]
    if (holder === undefined) return
    // Half of them renew, as before T2, the others are past it.
    if (this.#turn % 2 === 0) this.#ask('rebind', holder.duid, holder)
    else this.#renew(holder)
  }

  #renew(holder: Holder): void {
    const asked = this.#ask('renew', holder.duid, holder)
    setTimeout(() => {
      if (asked.answeredAfterMs !== undefined) return
      this.#hadToRebind += 1
      this.#ask('rebind', holder.duid, holder)
    }, RENEW_PATIENCE_MS)
  }

  #newDuid(): Duid {
    return makeDuidLl(1, Uint8Array.of(0x02, 0, 0x0c, this.#turn >> 16, (this.#turn >> 8) & 0xff, this.#turn & 0xff))
  }

  #ask(name: ClientMessageName, client: Duid, holder: Holder | undefined): Asked {
    this.#next += 1
    const transactionId = this.#next
    const leases = holder === undefined ? [] : [holder.lease]
    const message = clientMessage({ name, transactionId, client, server: holder?.server, wantsPrefix: false, leases })
    const bytes = relayed(addressOf(LOAD_LINK), peerAddressOf(0x4000 + (transactionId & 0x3fff)), message)
    const asked: Asked = { name, atMs: Date.now(), holder, answeredAfterMs: undefined }
    this.#asked.set(transactionId, asked)
    for (const { place } of this.#pair.servers) this.#socket.send(bytes, place.clientPort, '::1')
    return asked
  }

  /** Only what gives a lease is an answer. */
  #receive(bytes: Uint8Array): void {
    const message = unwrapped(bytes)
    const answer = message === undefined ? undefined : readAnswer(message)
    const asked = answer === undefined ? undefined : this.#asked.get(answer.transactionId)
    if (answer === undefined || asked === undefined || asked.answeredAfterMs !== undefined) return
    if (!answer.grants.some(({ validSeconds }) => validSeconds > 0)) return
    asked.answeredAfterMs = Date.now() - asked.atMs
    if (asked.holder !== undefined && answer.type === MessageType.Reply) asked.holder.server = answer.server
  }
}
