/** Clients behind one relay that send to both servers, from one socket on ::1; each answer is told by the port it comes from. */
import { createSocket, type Socket } from 'node:dgram'
import { setTimeout as delay } from 'node:timers/promises'
import type { ServerName } from '../topology/pair-configuration.ts'
import { readAnswer, type ServerAnswer } from './client-message.ts'
import { busyPace, LoadClient, type Pace } from './load-client.ts'
import { LoadLedger } from './load-ledger.ts'
import { LOAD_LINK, type LoopbackPair } from './loopback-pair.ts'
import { unwrapped } from './relayed-message.ts'
import type { SeededRandom } from './seeded-random.ts'

/** The clients look at their clocks so often. */
const TICK_MS = 10

export interface LoadWish {
  readonly clients: number
  /** Every so many clients want a prefix as well. */
  readonly everyPrefix: number
  readonly random: SeededRandom
  readonly linkAddress?: string
  readonly pace?: Pace
}

export interface DoubledLease {
  readonly lease: string
  readonly clients: readonly string[]
}

export class LeaseLoad {
  readonly ledger = new LoadLedger()
  readonly clients: readonly LoadClient[]
  readonly #socket: Socket
  readonly #pair: LoopbackPair
  readonly #byDuid: ReadonlyMap<string, LoadClient>
  readonly #receivedFrom = new Map<ServerName, number>()
  #timer: NodeJS.Timeout | undefined
  #begins = true

  private constructor(pair: LoopbackPair, socket: Socket, wish: LoadWish) {
    this.#pair = pair
    this.#socket = socket
    const { random, pace = busyPace, linkAddress = LOAD_LINK } = wish
    const send = (bytes: Uint8Array): void => {
      // To a port that nobody holds any more, as to a relay's dead server: the datagram is lost.
      for (const { place } of pair.servers) socket.send(bytes, place.clientPort, '::1')
    }
    this.clients = Array.from({ length: wish.clients }, (_, index) => {
      const wantsPrefix = index % wish.everyPrefix === 0
      return new LoadClient({ index, wantsPrefix, linkAddress, random, ledger: this.ledger, pace, send })
    })
    this.#byDuid = new Map(this.clients.map((client) => [client.duid, client]))
    socket.on('message', (bytes, { port }) => this.#receive(bytes, port))
  }

  static async start(pair: LoopbackPair, wish: LoadWish): Promise<LeaseLoad> {
    const socket = createSocket('udp6')
    socket.on('error', () => undefined)
    await new Promise<void>((resolve) => socket.bind(0, '::1', resolve))
    const load = new LeaseLoad(pair, socket, wish)
    load.#timer = setInterval(() => load.#tick(), TICK_MS)
    return load
  }

  /** What a server, now dead, has still sent is received; resolves when nothing of it came for a while. */
  async drain(server: ServerName, quietMs = 60): Promise<void> {
    let before = -1
    while (before !== this.#received(server)) {
      before = this.#received(server)
      await delay(quietMs)
    }
  }

  /** No new exchange; what was begun is finished or given up. */
  async finish(): Promise<void> {
    this.#begins = false
    for (let waitedMs = 0; waitedMs < 5000 && this.clients.some((client) => client.isAsking); waitedMs += 50) {
      await delay(50)
    }
    for (const { name } of this.#pair.servers) await this.drain(name)
  }

  /** Begins exchanges again. */
  resume(): void {
    this.#begins = true
  }

  close(): void {
    clearInterval(this.#timer)
    this.#socket.close()
  }

  /** Leases that two clients hold at once: the one thing that must never be. */
  doubled(): readonly DoubledLease[] {
    const nowMs = Date.now()
    const holders = new Map<string, string[]>()
    for (const client of this.clients) {
      for (const { lease } of client.held(nowMs)) holders.set(lease, [...(holders.get(lease) ?? []), client.duid])
    }
    return [...holders].filter(([, clients]) => clients.length > 1).map(([lease, clients]) => ({ lease, clients }))
  }

  #received(server: ServerName): number {
    return this.#receivedFrom.get(server) ?? 0
  }

  #tick(): void {
    const nowMs = Date.now()
    for (const client of this.clients) client.act(nowMs, this.#begins)
  }

  #receive(bytes: Uint8Array, port: number): void {
    const by = this.#sender(port)
    const message = unwrapped(bytes)
    const answer: ServerAnswer | undefined = message === undefined ? undefined : readAnswer(message)
    if (by === undefined || answer === undefined) return
    this.#receivedFrom.set(by, this.#received(by) + 1)
    this.#byDuid.get(answer.client)?.receive(answer, by, Date.now())
  }

  #sender(port: number): ServerName | undefined {
    return this.#pair.servers.find(({ place }) => place.clientPort === port)?.name
  }
}
