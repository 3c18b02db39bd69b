/** Two servers, their clients, the networks between them and one clock: everything that happens follows from the seed. */
import { instant, type EndpointState, type Instant, type Output, type Role } from '@tandem/engine'
import type { DeliberateBug } from '@tandem/engine/simulation'
import {
  decodeDatagram,
  encodeDatagram,
  formatIpv6Address,
  ipv6AddressFromNumber,
  peekMessageType,
  type ClientServerMessage,
  type Duid,
} from '@tandem/protocol'
import { Client, type ClientObserver, type ClientWishes } from '../actors/client.ts'
import { Operator } from '../actors/operator.ts'
import { Relay } from '../actors/relay.ts'
import { DatagramNetwork, type DatagramObserver } from './datagram-network.ts'
import {
  linkAddress,
  listenerIds,
  clientDuid,
  pairConfiguration,
  partnerOf,
  relayAddress,
  serverNames,
  usualSettings,
  type PairSettings,
} from './pair-configuration.ts'
import { Random } from './random.ts'
import { Schedule } from './schedule.ts'
import type { ProcessObserver } from './process-observer.ts'
import { ServerProcess } from './server-process.ts'
import { SimulatedStore } from './simulated-store.ts'
import { StreamNetwork, type StreamObserver } from './stream-network.ts'

export interface WorldObserver extends ProcessObserver, ClientObserver, StreamObserver, DatagramObserver {
  clientSent?(client: Client, message: ClientServerMessage): void
  clientReceived?(client: Client, server: string, message: ClientServerMessage): void
}

/**
 * `declared-safe`: people do what RFC 8156 relies on, so that no lease may ever have two clients. `operator-error`: they
 * do not; then duplicates must be found and end (decision 0031).
 */
export type History = 'declared-safe' | 'operator-error'

export interface WorldOptions {
  readonly seed: number
  readonly history?: History
  /** How long a client that left waits before it asks again. */
  readonly quietAfterReleaseMs?: number
  readonly settings?: Partial<PairSettings>
  /** In both servers. */
  readonly bug?: DeliberateBug | undefined
}

export const WORLD_START: Instant = instant(1_767_225_600_000)
const LINK_LOCAL = 0xfe80n << 112n

/** Where a client is. */
export interface Place {
  /** From 1 on. */
  readonly link: number
  readonly isRelayed: boolean
}

interface PlacedClient {
  readonly client: Client
  place: Place
  readonly linkLocal: ReturnType<typeof ipv6AddressFromNumber>
}

export class World {
  readonly history: History
  readonly #quietAfterReleaseMs: number
  readonly settings: PairSettings
  readonly random: Random
  readonly schedule = new Schedule(WORLD_START)
  readonly streams: StreamNetwork
  readonly datagrams: DatagramNetwork
  readonly primary: ServerProcess
  readonly secondary: ServerProcess
  readonly operator = new Operator('ann')
  readonly #observers: WorldObserver[] = []
  readonly #stoppedAt = new Map<string, number>()
  readonly #relays: ReadonlyMap<string, { readonly relay: Relay; readonly link: number }>
  readonly #clients = new Map<string, PlacedClient>()
  readonly #byDuid = new Map<Duid, Client>()
  readonly #byLinkLocal = new Map<string, PlacedClient>()

  constructor(options: WorldOptions) {
    this.history = options.history ?? 'declared-safe'
    this.#quietAfterReleaseMs = options.quietAfterReleaseMs ?? 0
    this.settings = { ...usualSettings, ...options.settings }
    this.#relays = relaysOf(this.settings.links)
    this.random = new Random(options.seed)
    this.#observers.push({ stopped: (server) => this.#stoppedAt.set(server, this.schedule.now) })
    this.streams = new StreamNetwork(this.schedule, this.#observers)
    this.datagrams = new DatagramNetwork(this.schedule, this.random, this.#observers)
    this.primary = this.#createServer('primary', options.bug)
    this.secondary = this.#createServer('secondary', options.bug)
  }

  get servers(): readonly ServerProcess[] {
    return [this.primary, this.secondary]
  }

  get clients(): readonly Client[] {
    return [...this.#clients.values()].map(({ client }) => client)
  }

  /** Milliseconds since the beginning. */
  get elapsedMs(): number {
    return this.schedule.now - WORLD_START
  }

  server(role: Role): ServerProcess {
    return role === 'primary' ? this.primary : this.secondary
  }

  partnerOf(server: ServerProcess): ServerProcess {
    return server === this.primary ? this.secondary : this.primary
  }

  observe(observer: WorldObserver): void {
    this.#observers.push(observer)
  }

  get clientCount(): number {
    return this.#clients.size
  }

  clientWith(duid: Duid): Client | undefined {
    return this.#byDuid.get(duid)
  }

  client(name: string): Client | undefined {
    return this.#clients.get(name)?.client
  }

  addClient(name: string, wishes: ClientWishes, isRelayed: boolean, link = 1): Client {
    const number = this.#clients.size + 1
    const client = new Client({
      name,
      duid: clientDuid(number),
      wishes,
      schedule: this.schedule,
      random: this.random,
      observers: this.#observers,
      quietAfterReleaseMs: this.#quietAfterReleaseMs,
      send: (sender, message) => {
        this.#sendFromClient(sender, message)
      },
    })
    const placed = { client, place: { link, isRelayed }, linkLocal: ipv6AddressFromNumber(LINK_LOCAL + BigInt(number)) }
    this.#clients.set(name, placed)
    this.#byDuid.set(client.duid, client)
    this.#byLinkLocal.set(formatIpv6Address(placed.linkLocal), placed)
    return client
  }

  /** When its process ended last; undefined: never. */
  stoppedAt(server: ServerProcess): number | undefined {
    return this.#stoppedAt.get(server.name)
  }

  placeOf(client: Client): Place {
    return this.#placed(client).place
  }

  /** What was under way to it does not reach it there. */
  move(client: Client, place: Place): void {
    this.#placed(client).place = place
  }

  run(ms: number): void {
    const until = this.schedule.now + ms
    while (this.schedule.step(until));
    this.schedule.passTo(until)
  }

  /** False: it did not become true in that time. */
  runUntil(isReached: () => boolean, atMostMs: number): boolean {
    const until = this.schedule.now + atMostMs
    while (!isReached()) if (!this.schedule.step(until)) return isReached()
    return true
  }

  /** As an operator would see it; undefined: the process does not run, or has said nothing yet. */
  stateOf(server: ServerProcess): EndpointState | undefined {
    return server.isRunning ? server.publishedState : undefined
  }

  get areBothNormal(): boolean {
    return this.servers.every((server) => this.stateOf(server) === 'NORMAL')
  }

  #createServer(role: Role, bug: DeliberateBug | undefined): ServerProcess {
    return new ServerProcess({
      configuration: pairConfiguration(role, this.settings),
      partner: serverNames[partnerOf(role)],
      schedule: this.schedule,
      streams: this.streams,
      store: new SimulatedStore(),
      observers: this.#observers,
      sendDatagram: (server, output) => {
        this.#sendFromServer(server, output)
      },
      bug,
    })
  }

  #placed(client: Client): PlacedClient {
    const placed = this.#clients.get(client.name)
    if (placed === undefined) throw new Error(`${client.name} is a client of this world`)
    return placed
  }

  /** By multicast both servers hear a client; a relay sends to both. */
  #sendFromClient(client: Client, message: ClientServerMessage): void {
    const { place, linkLocal } = this.#placed(client)
    for (const observer of this.#observers) observer.clientSent?.(client, message)
    const from = place.isRelayed
      ? { address: formatIpv6Address(relayAddress(place.link)), port: 547 }
      : { address: `${formatIpv6Address(linkLocal)}%eth0`, port: 546 }
    const relay = place.isRelayed ? this.#relays.get(from.address)?.relay : undefined
    const bytes = relay === undefined ? encodeDatagram(message) : relay.forward(message, linkLocal)
    const listenerId = place.isRelayed ? listenerIds.relays : listenerIds.link
    for (const server of this.servers) {
      this.datagrams.send(() => {
        server.post({ kind: 'datagram-received', listenerId, from, bytes, arrivedAt: server.now() })
      }, message.type)
    }
  }

  #sendFromServer(server: string, output: Extract<Output, { kind: 'send-datagram' }>): void {
    const toldAt = this.schedule.now
    this.datagrams.send(
      () => {
        const found = this.#addressee(output)
        if (found === undefined) return
        for (const observer of this.#observers) observer.clientReceived?.(found.client, server, found.message)
        found.client.receive(found.message, toldAt)
      },
      peekMessageType(output.bytes)?.type ?? 0,
    )
  }

  #addressee(
    output: Extract<Output, { kind: 'send-datagram' }>,
  ): { readonly client: Client; readonly message: ClientServerMessage } | undefined {
    if (output.listenerId === listenerIds.relays) {
      const relayed = this.#relays.get(output.to.address)
      const answer = relayed?.relay.unwrap(output.bytes)
      const placed = answer === undefined ? undefined : this.#byLinkLocal.get(formatIpv6Address(answer.clientAddress))
      const isThere = placed?.place.isRelayed === true && placed.place.link === relayed?.link
      return answer === undefined || placed === undefined || !isThere
        ? undefined
        : { client: placed.client, message: answer.message }
    }
    const decoded = decodeDatagram(output.bytes)
    const placed = this.#byLinkLocal.get(output.to.address.split('%')[0] ?? '')
    if (!decoded.ok || decoded.value.kind !== 'client-server') return undefined
    if (placed === undefined || placed.place.isRelayed) return undefined
    return { client: placed.client, message: decoded.value }
  }
}

/** By the address from which each sends. */
function relaysOf(links: number): ReadonlyMap<string, { readonly relay: Relay; readonly link: number }> {
  return new Map(
    Array.from({ length: links }, (_, at) => {
      const link = at + 1
      return [formatIpv6Address(relayAddress(link)), { relay: new Relay(linkAddress(link)), link }]
    }),
  )
}
