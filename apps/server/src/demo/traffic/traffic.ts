/** The demo's clients behind one simulated relay: they arrive, renew, rebind, leave and return, and watch that no lease is given twice. */
import { formatDuid, makeDuidLl, parseIpv6Address, UNSPECIFIED_ADDRESS, type Ipv6Address } from '@tandem/protocol'
import { createSocket, type Socket } from 'node:dgram'
import { renameSync, writeFileSync } from 'node:fs'
import { LeaseLedger } from './lease-ledger.ts'
import { SimulatedClient, type ClientObserver, type ClientState } from './simulated-client.ts'
import { clientLinkLocal, relayForward, unwrapRelayReply } from './simulated-relay.ts'

export interface TrafficSettings {
  /** Where each server listens for relays: a relay sends to all of them. */
  readonly servers: readonly { readonly address: string; readonly port: number }[]
  /** Link addresses of the relay, one for each link that it serves. */
  readonly links: readonly string[]
  readonly clientCount: number
  /** Between the arrivals of two new clients. */
  readonly arrivalMs: number
  /** How long a client stays, and how long it is away, on average. */
  readonly stayMs: number
  readonly awayMs: number
  readonly statusFile: string
  readonly random: () => number
}

export interface TrafficCounts {
  readonly clients: number
  readonly leases: number
  readonly renews: number
  readonly rebinds: number
  readonly releases: number
  readonly doubled: number
  readonly lost: number
}

/** `traffic.json`: who holds what, as the clients know it. */
export interface TrafficStatus {
  readonly atMs: number
  readonly counts: TrafficCounts
  readonly doubled: LeaseLedger['doubled']
  readonly lost: readonly { readonly client: string; readonly lease: string; readonly atMs: number }[]
  readonly clients: readonly {
    readonly name: string
    readonly duid: string
    readonly state: ClientState
    readonly server: string | undefined
    readonly leases: readonly {
      readonly lease: string
      readonly kind: 'address' | 'prefix'
      readonly untilMs: number
    }[]
  }[]
}

export interface Traffic {
  counts(): TrafficCounts
  status(): TrafficStatus
  stop(): Promise<void>
}

const TICK_MS = 100
const STATUS_EVERY_MS = 1000
const ETHERNET = 1

interface Station {
  readonly client: SimulatedClient
  readonly linkAddress: Ipv6Address
  readonly peerAddress: Ipv6Address
  readonly interfaceId: Uint8Array
  /** Next coming or going. */
  movesAtMs: number
}

export async function startTraffic(settings: TrafficSettings): Promise<Traffic> {
  const socket = createSocket('udp6')
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(0, '::1', resolve)
  })
  const run = new TrafficRun(settings, socket)
  run.start()
  return run
}

class TrafficRun implements Traffic {
  readonly #settings: TrafficSettings
  readonly #socket: Socket
  readonly #ledger = new LeaseLedger()
  readonly #stations: readonly Station[]
  readonly #byPeer: ReadonlyMap<bigint, Station>
  readonly #answered = { solicit: 0, request: 0, renew: 0, rebind: 0, release: 0 }
  readonly #lost: { client: string; lease: string; atMs: number }[] = []
  #timer: NodeJS.Timeout | undefined
  #statusAtMs = 0

  constructor(settings: TrafficSettings, socket: Socket) {
    this.#settings = settings
    this.#socket = socket
    const observer: ClientObserver = {
      granted: (client, lease, untilMs, nowMs) => this.#ledger.grant(lease, client.name, untilMs, nowMs),
      gone: (client, lease, lost) => {
        this.#ledger.drop(lease, client.name)
        if (lost) this.#lost.push({ client: client.name, lease, atMs: Date.now() })
      },
      answered: (_client, message) => {
        this.#answered[message] += 1
      },
    }
    const startedAtMs = Date.now()
    this.#stations = Array.from({ length: settings.clientCount }, (_, index) =>
      makeStation(settings, index, observer, startedAtMs),
    )
    this.#byPeer = new Map(this.#stations.map((station) => [station.peerAddress, station]))
  }

  start(): void {
    this.#socket.on('message', (bytes) => this.#receive(bytes))
    // A server that is down answers with ICMP; its clients find out by waiting, as real ones do.
    this.#socket.on('error', () => undefined)
    this.#timer = setInterval(() => this.#tick(Date.now()), TICK_MS)
  }

  counts(): TrafficCounts {
    const { renew, rebind, release } = this.#answered
    return {
      clients: this.#stations.filter(({ client }) => client.state !== 'absent').length,
      leases: this.#ledger.held(Date.now()).length,
      renews: renew,
      rebinds: rebind,
      releases: release,
      doubled: this.#ledger.doubled.length,
      lost: this.#lost.length,
    }
  }

  status(): TrafficStatus {
    return {
      atMs: Date.now(),
      counts: this.counts(),
      doubled: this.#ledger.doubled,
      lost: this.#lost,
      clients: this.#stations.map(({ client }) => ({
        name: client.name,
        duid: formatDuid(client.duid),
        state: client.state,
        server: client.server === undefined ? undefined : formatDuid(client.server),
        leases: client.leases(),
      })),
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()))
    this.#writeStatus()
  }

  #tick(nowMs: number): void {
    for (const station of this.#stations) {
      if (nowMs >= station.movesAtMs) this.#move(station, nowMs)
      this.#act(station, nowMs)
    }
    if (nowMs < this.#statusAtMs) return
    this.#statusAtMs = nowMs + STATUS_EVERY_MS
    this.#writeStatus()
  }

  /** Comes, or goes after a stay; both last between half and one and a half times the average. */
  #move(station: Station, nowMs: number): void {
    const { stayMs, awayMs, random } = this.#settings
    const comes = station.client.state === 'absent'
    if (comes) station.client.arrive(nowMs)
    else station.client.leave(nowMs)
    station.movesAtMs = nowMs + (comes ? stayMs : awayMs) * (0.5 + random())
  }

  #act(station: Station, nowMs: number): void {
    const due = station.client.dueAtMs()
    if (due === undefined || due > nowMs) return
    const message = station.client.act(nowMs)
    if (message === undefined) return
    const datagram = relayForward(station.linkAddress, station.peerAddress, station.interfaceId, message)
    for (const { address, port } of this.#settings.servers) this.#socket.send(datagram, port, address, () => undefined)
  }

  #receive(bytes: Uint8Array): void {
    const answer = unwrapRelayReply(bytes)
    const station = answer === undefined ? undefined : this.#byPeer.get(answer.peerAddress)
    if (answer === undefined || station === undefined) return
    const nowMs = Date.now()
    station.client.receive(answer.message, nowMs)
    this.#act(station, nowMs)
  }

  /** Written beside and renamed, so that a reader never sees half of it. */
  #writeStatus(): void {
    const { statusFile } = this.#settings
    writeFileSync(`${statusFile}.new`, `${JSON.stringify(this.status(), undefined, 2)}\n`)
    renameSync(`${statusFile}.new`, statusFile)
  }
}

/** The same identity at each start, so that a returning client gets its old leases back. */
function makeStation(
  { links, arrivalMs, random }: TrafficSettings,
  index: number,
  observer: ClientObserver,
  startedAtMs: number,
): Station {
  const link = links[index % links.length] ?? '::'
  const wishes = { address: index % 10 !== 9, prefix: index % 10 >= 6 }
  const client = new SimulatedClient({
    name: `client-${String(index + 1).padStart(2, '0')}`,
    duid: makeDuidLl(ETHERNET, Uint8Array.of(0x02, 0, 0x5e, 0, index >> 8, index & 0xff)),
    wishes,
    random,
    observer,
  })
  return {
    client,
    linkAddress: parseIpv6Address(link) ?? UNSPECIFIED_ADDRESS,
    peerAddress: clientLinkLocal(index),
    interfaceId: Uint8Array.of(index % links.length),
    movesAtMs: startedAtMs + index * arrivalMs,
  }
}

export function countsLine(counts: TrafficCounts): string {
  const { clients, leases, renews, rebinds, releases, doubled, lost } = counts
  return `clients ${clients}, leases ${leases}, renews ${renews}, rebinds ${rebinds}, releases ${releases}, doubled ${doubled}, lost ${lost}`
}
