/** All sockets for clients of this server: found by the listener's id, watched, and opened anew when their interface comes back. */
import { networkInterfaces } from 'node:os'
import type { ListenerDown, SendDatagram } from '@tandem/engine'
import type { ClientListener } from '../../configuration/server-configuration.ts'
import type { Clock } from '../../engine/steady-clock.ts'
import {
  describeListener,
  openClientListener,
  type ClientListenerEvents,
  type OpenClientListener,
} from './client-listener.ts'
import { groundOf, interfaceExists, type Interfaces } from './listener-ground.ts'

/** Reading the interfaces costs a fraction of a millisecond; the partner is to serve within two seconds. */
const CHECK_INTERVAL_MS = 250
/** A flicker of a moment is nothing to leave for, and a link that has just come up still settles. */
const CHECKS_UNTIL_DOWN = 2
const CHECKS_UNTIL_UP = 4

export interface ClientListenersEvents extends Omit<ClientListenerEvents, 'broken'> {
  /** `down`: all that hear nobody now. */
  changed(down: readonly ListenerDown[]): void
}

/** What tests replace. */
export interface ListenerWorld {
  interfaces(): Interfaces
  /** Whether the machine knows an interface at all, up or not. */
  interfaceExists(name: string): boolean
  open: typeof openClientListener
}

const thisMachine: ListenerWorld = {
  interfaces: networkInterfaces,
  interfaceExists,
  open: openClientListener,
}

interface Watched {
  readonly listener: ClientListener
  socket: OpenClientListener | undefined
  interfaceIndex: number | undefined
  /** As it was last told. */
  problem: string | undefined
  /** Checks in a row that saw another health than the one told. */
  contrary: number
  isOpening: boolean
}

export class ClientListeners {
  readonly #watched: readonly Watched[]
  readonly #byId: ReadonlyMap<string, Watched>
  readonly #clock: Clock
  readonly #events: ClientListenersEvents
  readonly #world: ListenerWorld
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(
    listeners: readonly ClientListener[],
    clock: Clock,
    events: ClientListenersEvents,
    world: ListenerWorld = thisMachine,
  ) {
    this.#clock = clock
    this.#events = events
    this.#world = world
    this.#watched = listeners.map((listener) => ({
      listener,
      socket: undefined,
      interfaceIndex: undefined,
      problem: undefined,
      contrary: 0,
      isOpening: false,
    }))
    this.#byId = new Map(this.#watched.map((watched) => [watched.listener.id, watched]))
  }

  get descriptions(): readonly string[] {
    return this.#watched.map(({ listener }) => describeListener(listener))
  }

  /** An interface that is down now may come up; everything else that cannot be opened is an error of the start. */
  async open(): Promise<void> {
    try {
      const interfaces = this.#world.interfaces()
      for (const watched of this.#watched) await this.#openFirst(watched, interfaces)
    } catch (error) {
      await this.close()
      throw error
    }
    if (this.#down().length > 0) this.#events.changed(this.#down())
    this.#timer = setInterval(() => void this.check(), CHECK_INTERVAL_MS)
  }

  send(output: SendDatagram): void {
    const watched = this.#byId.get(output.listenerId)
    if (watched === undefined) throw new Error(`there is no listener ${output.listenerId}`)
    if (watched.socket !== undefined) watched.socket.send(output.to, output.bytes)
    else this.#events.sendFailed(`${describeListener(watched.listener)}: ${watched.problem ?? 'it is being opened'}`)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#timer)
    await Promise.all(this.#watched.map((watched) => this.#shut(watched)))
  }

  /** Once; the timer calls it. */
  async check(): Promise<void> {
    const interfaces = this.#world.interfaces()
    const changes = await Promise.all(this.#watched.map((watched) => this.#checkOne(watched, interfaces)))
    if (changes.includes(true) && !this.#isClosed) this.#events.changed(this.#down())
  }

  #down(): readonly ListenerDown[] {
    return this.#watched.flatMap(({ listener, problem }) =>
      problem === undefined ? [] : [{ listenerId: listener.id, reason: problem }],
    )
  }

  async #openFirst(watched: Watched, interfaces: Interfaces): Promise<void> {
    const { listener } = watched
    const ground = groundOf(listener, interfaces)
    if (
      ground.problem !== undefined &&
      listener.kind === 'interface' &&
      this.#world.interfaceExists(listener.interfaceName)
    ) {
      watched.problem = ground.problem
      return
    }
    watched.socket = await this.#openSocket(watched)
    watched.interfaceIndex = ground.interfaceIndex
  }

  /** True: there is something to tell. */
  async #checkOne(watched: Watched, interfaces: Interfaces): Promise<boolean> {
    if (watched.isOpening || this.#isClosed) return false
    const { problem, interfaceIndex } = groundOf(watched.listener, interfaces)
    const isRemade = interfaceIndex !== undefined && interfaceIndex !== watched.interfaceIndex
    if (problem === undefined && (watched.socket === undefined || isRemade)) {
      return this.#openAgain(watched, interfaceIndex)
    }
    return this.#settle(watched, problem)
  }

  /** A change is told when it has lasted. */
  #settle(watched: Watched, problem: string | undefined): boolean {
    if ((problem === undefined) === (watched.problem === undefined)) {
      watched.contrary = 0
      return false
    }
    watched.contrary += 1
    if (watched.contrary < (problem === undefined ? CHECKS_UNTIL_UP : CHECKS_UNTIL_DOWN)) return false
    watched.contrary = 0
    watched.problem = problem
    // What comes back may be another interface of the same name: its groups have to be joined anew.
    if (problem !== undefined) void this.#shut(watched)
    return true
  }

  async #openAgain(watched: Watched, interfaceIndex: number | undefined): Promise<boolean> {
    watched.isOpening = true
    try {
      await this.#shut(watched)
      const socket = await this.#openSocket(watched)
      if (this.#isClosed) {
        await socket.close()
        return false
      }
      watched.socket = socket
      watched.interfaceIndex = interfaceIndex
      return this.#settle(watched, undefined)
    } catch (error) {
      return this.#settle(watched, error instanceof Error ? error.message.replace(/\.$/u, '') : String(error))
    } finally {
      watched.isOpening = false
    }
  }

  #openSocket(watched: Watched): Promise<OpenClientListener> {
    return this.#world.open(watched.listener, this.#clock, {
      datagram: (event) => this.#events.datagram(event),
      sendFailed: (detail) => this.#events.sendFailed(detail),
      broken: () => void this.#shut(watched),
    })
  }

  async #shut(watched: Watched): Promise<void> {
    const { socket } = watched
    watched.socket = undefined
    await socket?.close()
  }
}
