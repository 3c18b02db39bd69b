/** One client behind a relay that asks when it is told to, and hands over each answer. */
import { createSocket, type Socket } from 'node:dgram'
import { makeDuidLl, type Duid } from '@tandem/protocol'
import { waitUntil } from '../topology/wait-until.ts'
import {
  clientMessage,
  readAnswer,
  type ClientLease,
  type ClientMessageName,
  type ServerAnswer,
} from './client-message.ts'
import { LOAD_LINK } from './loopback-pair.ts'
import type { LoopbackServer } from './loopback-server.ts'
import { addressOf, peerAddressOf, relayed, unwrapped } from './relayed-message.ts'

const ASK_EVERY_MS = 400
const ANSWER_LIMIT_MS = 10_000

export class AskingClient {
  readonly duid: Duid
  readonly #index: number
  readonly #socket: Socket
  readonly #answers: ServerAnswer[] = []
  #transactionId: number

  private constructor(index: number, socket: Socket) {
    this.#index = index
    this.#socket = socket
    this.#transactionId = index * 0x1000
    this.duid = makeDuidLl(1, Uint8Array.of(0x02, 0, 0, 0xa5, index >> 8, index & 0xff))
    socket.on('message', (bytes) => {
      const message = unwrapped(bytes)
      const answer = message === undefined ? undefined : readAnswer(message)
      if (answer !== undefined) this.#answers.push(answer)
    })
  }

  static async start(index: number): Promise<AskingClient> {
    const socket = createSocket('udp6')
    socket.on('error', () => undefined)
    await new Promise<void>((resolve) => socket.bind(0, '::1', resolve))
    return new AskingClient(index, socket)
  }

  /** Sent again until `server` answers. */
  async ask(server: LoopbackServer, name: ClientMessageName, question: Question = {}): Promise<ServerAnswer> {
    this.#transactionId += 1
    const transactionId = this.#transactionId
    const { named, leases = [] } = question
    const wish = { name, transactionId, client: this.duid, server: named, wantsPrefix: false, leases }
    const bytes = relayed(addressOf(LOAD_LINK), peerAddressOf(this.#index), clientMessage(wish))
    let sentAtMs = 0
    return waitUntil(`the answer to ${name}`, ANSWER_LIMIT_MS, () => {
      if (Date.now() - sentAtMs >= ASK_EVERY_MS) {
        sentAtMs = Date.now()
        this.#socket.send(bytes, server.place.clientPort, '::1')
      }
      return this.#answers.find((answer) => answer.transactionId === transactionId)
    })
  }

  /** SOLICIT and REQUEST. */
  async acquire(server: LoopbackServer): Promise<{ readonly lease: ClientLease; readonly by: Duid }> {
    const offer = await this.ask(server, 'solicit')
    const leases = offer.grants.map(({ lease }) => lease)
    const reply = await this.ask(server, 'request', { named: offer.server, leases })
    const [granted] = reply.grants
    if (granted === undefined || granted.validSeconds === 0) throw new Error('the REPLY grants nothing')
    return { lease: granted.lease, by: reply.server }
  }

  close(): void {
    this.#socket.close()
  }
}

export interface Question {
  readonly named?: Duid
  readonly leases?: readonly ClientLease[]
}
