/** The pair that stands the mutants: inspected servers, honest clients, a real client, and an account of what was handled in each state. */
import { setTimeout as delay } from 'node:timers/promises'
import { duidFromHex, type Duid } from '@tandem/protocol'
import { expect } from 'vitest'
import { FailoverMiddleman } from '../loopback-pair/failover-middleman.ts'
import { LeaseLoad } from '../loopback-pair/lease-load.ts'
import type { Pace } from '../loopback-pair/load-client.ts'
import { makeLoopbackPair, QUIET_LINK, subnetsOfPair, type LoopbackPair } from '../loopback-pair/loopback-pair.ts'
import { RealClientLink, realClientSubnet } from '../loopback-pair/real-client-link.ts'
import { seededRandom, type SeededRandom } from '../loopback-pair/seeded-random.ts'
import { serverNames, type ServerName } from '../topology/pair-configuration.ts'
import { waitUntil } from '../topology/wait-until.ts'
import { DatagramFlood, receiveQueue } from './datagram-flood.ts'
import { FrameFlood } from './frame-flood.ts'
import { InspectedProcess, inspectionEnvironment, type HeapUse } from './inspected-process.ts'
import { mutate } from './mutate.ts'
import { validDatagram } from './valid-messages.ts'

/** Long enough that a server which lost its storage still waits when the mutants come. */
export const MCLT_SECONDS = 120
const STARTUP_SECONDS = 150

/** Before the heap is looked at for the first time: what fills up once is full then. */
const WARM_UP = 4000
/** The kernel is asked how far the server is after so many datagrams, and the server after so many of these. */
const DATAGRAMS_BETWEEN_COUNTS = 2000
/** The inbox holds 8192: where a commit takes long the mutants wait for it, since those that are dropped test nothing. */
const WAITING_MAX = 4000
const INBOX_LIMIT_MS = 60_000
const FLOOD_LIMIT_MS = 300_000
/** Of clients that came to another server than the one that ought to serve them in this state. */
const FURTHER_CLIENTS_MAX = 5
const CLIENT_PATIENCE_MS = 30_000

const calmPace: Pace = { pauseMinMs: 300, pauseMaxMs: 900, releaseProbability: 0.2, rebindProbability: 0.15 }

/** A client renews after four seconds, so that it does so while the mutants come. */
const lifetimes = { valid: '40s', preferred: '40s', t1: 0.1, t2: 0.6 }

export interface Flood {
  /** As the engine names it. */
  readonly state: string
  readonly targets: readonly ServerName[]
  /** Who may have answered the real client. */
  readonly serving: readonly ServerName[]
  /** Goes on until it is told that it is done. */
  readonly sendFrames: (frames: FrameFlood, isDone: () => boolean) => Promise<void>
  readonly mutations: number
  readonly framesMin: number
  /** The state ends with the connection: after `framesMin` frames there are only datagrams. */
  readonly hangsOnConnection?: boolean
}

export class PairUnderFire {
  readonly pair: LoopbackPair
  readonly middleman: FailoverMiddleman
  readonly frames: FrameFlood
  readonly datagrams: DatagramFlood
  readonly honest: LeaseLoad
  readonly coverage = new Map<string, number>()
  readonly slowest: string[] = []
  readonly #random: SeededRandom
  readonly #counted: (kind: string) => void
  readonly #datagramsSent = new Map<ServerName, number>()
  readonly #realClients: RealClientLink
  readonly #inspected = new Map<ServerName, InspectedProcess>()
  /** Present DUIDs, and those of earlier lives, which mutants go on naming. */
  readonly #duids = new Map<ServerName, Duid>()
  readonly #everyDuid: Duid[] = []

  private constructor(parts: {
    readonly pair: LoopbackPair
    readonly middleman: FailoverMiddleman
    readonly datagrams: DatagramFlood
    readonly honest: LeaseLoad
    readonly realClients: RealClientLink
    readonly random: SeededRandom
    readonly counted: (kind: string) => void
  }) {
    this.pair = parts.pair
    this.middleman = parts.middleman
    this.datagrams = parts.datagrams
    this.honest = parts.honest
    this.#realClients = parts.realClients
    this.#random = parts.random
    this.#counted = parts.counted
    this.frames = new FrameFlood(parts.random, parts.counted)
  }

  static async start(random: SeededRandom, counted: (kind: string) => void): Promise<PairUnderFire> {
    const middleman = await FailoverMiddleman.start()
    const pair = await makeLoopbackPair({
      name: 'mutations',
      dialledPort: middleman.port,
      subnets: [...subnetsOfPair, realClientSubnet],
      lifetimes,
      relationship: {
        startup: `${STARTUP_SECONDS}s`,
        reconnect: '1s',
        reconnectAfterRefusal: '1s',
        mclt: `${MCLT_SECONDS}s`,
        keepalive: '20s',
        maxUnackedUpdates: 1000,
      },
    })
    middleman.leadTo(pair.beta.place.failoverPort)
    const honest = await LeaseLoad.start(pair, {
      clients: 3,
      everyPrefix: 3,
      random: seededRandom(random.seed + 1),
      linkAddress: QUIET_LINK,
      pace: calmPace,
    })
    const [datagrams, realClients] = [await DatagramFlood.open(), await RealClientLink.open(pair)]
    const scene = new PairUnderFire({ pair, middleman, datagrams, honest, realClients, random, counted })
    await Promise.all(serverNames.map((name) => scene.startInspected(name)))
    await pair.untilSettled(60_000)
    return scene
  }

  async close(): Promise<void> {
    this.honest.close()
    this.datagrams.close()
    this.#realClients.close()
    for (const each of this.#inspected.values()) each.close()
    await this.middleman.close()
    await this.pair.end()
  }

  async startInspected(name: ServerName): Promise<void> {
    const server = this.pair.server(name)
    const port = server.place.apiPort + 1
    await server.start({ environment: inspectionEnvironment(port) })
    this.#inspected.set(name, await InspectedProcess.attach(port))
    await this.#of(name).startMeasuring()
    this.#datagramsSent.set(name, 0)
    const { duid } = await server.api.getServer()
    this.#duids.set(name, duidOf(duid))
    this.#everyDuid.push(duidOf(duid))
  }

  heap(name: ServerName): Promise<readonly HeapUse[]> {
    return this.#of(name).heapUse()
  }

  /** What the decoders of the process ran, and its slowest event, are kept before it ends. */
  async note(name: ServerName): Promise<void> {
    for (const [decoder, times] of Object.entries(await this.#of(name).decodeCoverage())) {
      this.coverage.set(decoder, (this.coverage.get(decoder) ?? 0) + times)
    }
    const { milliseconds, kind, octets, startHex } = await this.#of(name).slowestEvent()
    this.slowest.push(`${name} ${milliseconds.toFixed(1)} ms for a ${kind} of ${octets} octets, ${startHex}`)
  }

  async endOf(name: ServerName): Promise<void> {
    await this.note(name)
    this.#of(name).close()
    await this.pair.server(name).kill()
  }

  /** Whatever grows with the first clients of a server, and no further: its pools are full afterwards. */
  async warmUp(): Promise<void> {
    const random = seededRandom(this.#random.seed + 2)
    const crowd = await LeaseLoad.start(this.pair, { clients: 64, everyPrefix: 4, random })
    await delay(3000)
    await crowd.finish()
    crowd.close()
    await this.#sendDatagrams(serverNames, WARM_UP)
    await Promise.all(serverNames.map((name) => this.heap(name)))
  }

  /**
   * Mutants until the engines themselves have handled so many in this very state, and until a real client that came
   * meanwhile has acquired a lease and renewed it.
   */
  async flood(wish: Flood): Promise<void> {
    const { state, targets, serving, sendFrames, mutations, framesMin, hangsOnConnection = false } = wish
    const startedAtMs = Date.now()
    const before = await this.#handled(state, targets)
    const sentBefore = this.frames.sent
    let client = this.#realClients.newClient()
    let clientsLeft = FURTHER_CLIENTS_MAX
    let clientStartedAtMs = startedAtMs
    let isDone = false
    const framesSent = sendFrames(this.frames, () => isDone)
    let handled = before
    let renewedAfterMs: number | undefined
    let limit = 'has not begun'
    try {
      while (limit !== '') {
        await this.#sendDatagrams(targets, DATAGRAMS_BETWEEN_COUNTS)
        handled = await this.#handled(state, targets)
        if (renewedAfterMs === undefined && isServed(client.events(), this.#duidsOf(serving))) {
          renewedAfterMs = Date.now() - startedAtMs
        } else if (
          clientsLeft > 0 &&
          (isServed(client.events(), this.#everyDuid, this.#duidsOf(serving)) ||
            Date.now() - clientStartedAtMs > CLIENT_PATIENCE_MS)
        ) {
          // The state had changed just when this one came: it keeps to the server that answered it then, or asks that in vain.
          clientsLeft -= 1
          await client.stop()
          client = this.#realClients.newClient()
          clientStartedAtMs = Date.now()
        }
        const mutants = handled.datagrams - before.datagrams
        // In a real conversation the partner's own frames are among those that were handled.
        const frames = Math.min(handled.frames - before.frames, this.frames.sent - sentBefore)
        this.frames.quiet = hangsOnConnection && frames >= framesMin
        limit = missing(mutants - mutations, frames - framesMin, renewedAfterMs !== undefined)
        if (Date.now() - startedAtMs > FLOOD_LIMIT_MS) throw new Error(`${state} of ${targets.join(', ')}: ${limit}`)
      }
    } finally {
      isDone = true
      this.frames.quiet = false
      await client.stop()
      await framesSent
    }
    await this.#expectNothingDropped(targets)
    console.log(
      `${state}: ${targets.join(' and ')} handled ${handled.datagrams - before.datagrams} datagrams and ` +
        `${handled.frames - before.frames} frames (of ${this.frames.sent - sentBefore} sent) in ` +
        `${((Date.now() - startedAtMs) / 1000).toFixed(1)} s; dhclient had renewed its lease after ` +
        `${((renewedAfterMs ?? 0) / 1000).toFixed(1)} s, served by ${serving.join(' or ')}`,
    )
    for (const name of targets) expect(this.pair.server(name).isRunning, `${name} runs on after ${state}`).toBe(true)
  }

  /** Datagrams are mutants only: what came from honest clients is taken off, whatever state it came in. */
  async #handled(state: string, names: readonly ServerName[]): Promise<Handled> {
    const parts = await Promise.all(
      names.map(async (name) => {
        const all = await this.#of(name).handledIn()
        const { datagrams = 0, frames = 0 } = all[state] ?? {}
        const inAll = Object.values(all).reduce((sum, each) => sum + each.datagrams, 0)
        const honest = Math.max(0, inAll - (this.#datagramsSent.get(name) ?? 0))
        return { datagrams: datagrams - honest, frames }
      }),
    )
    return {
      datagrams: parts.reduce((sum, { datagrams }) => sum + datagrams, 0),
      frames: parts.reduce((sum, { frames }) => sum + frames, 0),
    }
  }

  async #sendDatagrams(targets: readonly ServerName[], wanted: number): Promise<void> {
    for (let sent = 0; sent < wanted; sent += 1) {
      const { kind, bytes } = mutate(validDatagram(this.#random, this.#everyDuid), this.#random)
      this.#counted(kind)
      const target = this.#random.pick(targets)
      this.#datagramsSent.set(target, (this.#datagramsSent.get(target) ?? 0) + 1)
      await this.datagrams.send(this.pair.server(target).place.clientPort, bytes)
    }
    for (const name of targets) {
      await waitUntil(`${name} has room in its inbox`, INBOX_LIMIT_MS, async () => {
        return (await this.#of(name).waiting()) <= WAITING_MAX
      })
    }
  }

  async #expectNothingDropped(names: readonly ServerName[]): Promise<void> {
    for (const name of names) {
      const { dropped } = receiveQueue(this.pair.server(name).place.clientPort)
      expect(dropped, `datagrams for ${name} that the kernel dropped`).toBe(0)
    }
  }

  #duidsOf(names: readonly ServerName[]): readonly Duid[] {
    return names.flatMap((name) => this.#duids.get(name) ?? [])
  }

  #of(name: ServerName): InspectedProcess {
    const found = this.#inspected.get(name)
    if (found === undefined) throw new Error(`${name} is not inspected`)
    return found
  }
}

interface Handled {
  readonly datagrams: number
  readonly frames: number
}

interface ClientStep {
  readonly what: string
  readonly server?: Duid
}

/** A lease, and then a REPLY to RENEW, both of a server that serves. */
function isServed(events: readonly ClientStep[], servers: readonly Duid[], butNot: readonly Duid[] = []): boolean {
  const by = ({ server }: ClientStep): boolean => {
    return server !== undefined && servers.includes(server) && !butNot.includes(server)
  }
  const boundAt = events.findIndex((event) => event.what === 'bound' && by(event))
  return boundAt >= 0 && events.slice(boundAt).some((event) => event.what === 'renewed' && by(event))
}

/** Empty: nothing. */
function missing(mutantsLeft: number, framesLeft: number, isRenewed: boolean): string {
  const reasons = [
    mutantsLeft < 0 ? `${-mutantsLeft} datagrams are still to be handled` : '',
    framesLeft < 0 ? `${-framesLeft} frames are still to be handled` : '',
    isRenewed ? '' : 'dhclient has not yet acquired and renewed',
  ]
  return reasons.filter((reason) => reason !== '').join(', ')
}

function duidOf(hex: string): Duid {
  const duid = duidFromHex(hex.replaceAll(':', ''))
  if (duid === undefined) throw new Error(`${hex} is no DUID`)
  return duid
}
