/** One server of the world: the engine with the same loop as the real driver, over simulated sockets and disk. */
import {
  createEngine,
  instant,
  type Command,
  type CommandResult,
  type ConnectionId,
  type Effects,
  type Engine,
  type EngineConfiguration,
  type EngineEvent,
  type EngineSnapshot,
  type Instant,
  type Output,
  type StorageChange,
} from '@tandem/engine'
import { createEngineWithBug, type DeliberateBug } from '@tandem/engine/simulation'
import { formatIpv6Address, stampSentTime, toDhcpTime } from '@tandem/protocol'
import type { Schedule, Scheduled } from './schedule.ts'
import type { SimulatedStore } from './simulated-store.ts'
import type { StreamNetwork } from './stream-network.ts'

/** What others in the world see of a process, in the order in which it happens. */
export interface ProcessObserver {
  started?(server: string): void
  stopped?(server: string, how: 'crash' | 'shut-down'): void
  erased?(server: string): void
  decided?(server: string, event: EngineEvent, effects: Effects, engine: Engine, now: Instant): void
  committed?(server: string, changes: readonly StorageChange[], now: Instant): void
  released?(server: string, output: Output, now: Instant): void
}

export interface ServerProcessOptions {
  readonly configuration: EngineConfiguration
  readonly partner: string
  readonly schedule: Schedule
  readonly streams: StreamNetwork
  readonly store: SimulatedStore
  readonly observers: readonly ProcessObserver[]
  /** Datagrams to clients and relays. */
  readonly sendDatagram: (server: string, output: Extract<Output, { kind: 'send-datagram' }>) => void
  /** A bug put in on purpose, to see whether a checker notices. */
  readonly bug?: DeliberateBug | undefined
}

/** An answer older than this is dropped (architecture, section 5). */
const ANSWER_AGE_MAX_MS = 2_000
/** "Running until" is written at least so often. */
const KEEP_ALIVE_MS = 1_000

export class ServerProcess {
  readonly name: string
  readonly #options: ServerProcessOptions
  #engine: Engine | undefined
  #run = 0
  #inbox: EngineEvent[] = []
  #isCommitting = false
  #timer: Scheduled | undefined
  #published: EngineSnapshot | undefined
  readonly answers = new Map<string, CommandResult>()
  /** How long one commit takes. */
  commitMs = 1
  /** How far this server's clock is ahead of the world's. */
  clockSkewMs = 0

  constructor(options: ServerProcessOptions) {
    this.#options = options
    this.name = options.configuration.serverName
  }

  get configuration(): EngineConfiguration {
    return this.#options.configuration
  }

  get store(): SimulatedStore {
    return this.#options.store
  }

  get isRunning(): boolean {
    return this.#engine !== undefined
  }

  /** Last released picture; a crash leaves it on the screens of operators. */
  get snapshot(): EngineSnapshot | undefined {
    return this.#published
  }

  now(): Instant {
    return instant(this.#options.schedule.now + this.clockSkewMs)
  }

  start(): void {
    if (this.#engine !== undefined) return
    this.#run += 1
    const { observers } = this.#options
    this.#engine = this.#createEngine()
    this.#published = undefined
    for (const observer of observers) observer.started?.(this.name)
    this.#attach()
    this.post({ kind: 'deadline-reached' })
    this.#keepAlive(this.#run)
  }

  /** SIGKILL: what was not committed is gone, what was not released was never said. */
  crash(): void {
    this.#stop('crash')
  }

  /** The disk is lost too: as if the server had never run. */
  crashAndErase(): void {
    this.#options.streams.destroy(this.name)
    this.#stop('crash')
    this.#options.store.erase()
    for (const observer of this.#options.observers) observer.erased?.(this.name)
  }

  post(event: EngineEvent): void {
    if (this.#engine === undefined) return
    this.#inbox.push(event)
    if (!this.#isCommitting) this.#turn()
  }

  command(commandId: string, operator: string, command: Command): void {
    this.post({ kind: 'command-received', commandId, operator, command })
  }

  #stop(how: 'crash' | 'shut-down'): void {
    if (this.#engine === undefined) return
    this.#engine = undefined
    this.#run += 1
    this.#inbox = []
    this.#isCommitting = false
    this.#timer?.cancel()
    this.#options.streams.detach(this.name)
    for (const observer of this.#options.observers) observer.stopped?.(this.name, how)
  }

  #createEngine(): Engine {
    const { configuration, store, bug } = this.#options
    if (bug === undefined) return createEngine(configuration, store.restored(), this.now())
    return createEngineWithBug(bug, configuration, store.restored(), this.now())
  }

  #attach(): void {
    const peerAddress = formatIpv6Address(this.configuration.relationships[0]?.partnerAddress ?? noAddress())
    this.#options.streams.attach(this.name, {
      opened: (connection, direction, relationship) => {
        this.post({ kind: 'stream-opened', connection, direction, peerAddress, relationship })
      },
      dialFailed: (relationship, reason) => {
        this.post({ kind: 'dial-failed', relationship, reason })
      },
      secured: (connection) => {
        this.post({ kind: 'stream-secured', connection, peerCertificate: this.#options.partner })
      },
      frame: (connection, bytes) => {
        this.post({ kind: 'frame-received', connection, bytes: bytes.subarray(2), arrivedAt: this.now() })
      },
      closed: (connection, reason) => {
        this.post({ kind: 'stream-closed', connection, reason })
      },
    })
  }

  /** The driver's loop: decide all that waits, commit, release in order. */
  #turn(): void {
    const engine = this.#engine
    if (engine === undefined) return
    const decidedAt = this.now()
    const events = this.#inbox
    this.#inbox = []
    const steps = events.map((event) => this.#decide(engine, event, decidedAt))
    const snapshot = engine.snapshot(decidedAt)
    const changes = steps.flatMap((step) => step.commit)
    const outputs = steps.flatMap((step) => step.afterCommit)
    const isEarly = this.#options.bug === 'reply-before-commit'
    const run = this.#run
    this.#isCommitting = true
    if (isEarly) for (const output of outputs) this.#release(output)
    this.#options.schedule.after(this.commitMs, () => {
      if (run !== this.#run) return
      this.#isCommitting = false
      this.#options.store.apply(changes, decidedAt)
      for (const observer of this.#options.observers) observer.committed?.(this.name, changes, this.now())
      this.#published = snapshot
      if (!isEarly) this.#releaseInTime(outputs)
      if (run !== this.#run) return
      if (this.#inbox.length > 0) this.#turn()
      else this.#arm()
    })
  }

  #decide(engine: Engine, event: EngineEvent, now: Instant): Effects {
    const effects = engine.handle(event, now)
    for (const observer of this.#options.observers) observer.decided?.(this.name, event, effects, engine, now)
    return effects
  }

  /** Nothing is released past "running until": whoever was so slow begins again (architecture, section 5). */
  #releaseInTime(outputs: readonly Output[]): void {
    const ranUntil = this.#options.store.ranUntil
    if (ranUntil !== undefined && this.now() > ranUntil) {
      this.#options.streams.detach(this.name)
      this.#attach()
      this.#inbox = [{ kind: 'time-gap', from: ranUntil }, { kind: 'deadline-reached' }]
      return
    }
    for (const output of outputs) this.#release(output)
  }

  #release(output: Output): void {
    const { schedule, streams, observers, partner, sendDatagram } = this.#options
    if (output.kind === 'send-datagram' && this.now() - output.requestArrivedAt > ANSWER_AGE_MAX_MS) return
    for (const observer of observers) observer.released?.(this.name, output, this.now())
    switch (output.kind) {
      case 'send-datagram':
        sendDatagram(this.name, output)
        break
      case 'dial-stream':
        streams.dial(this.name, partner, output.relationship)
        break
      case 'secure-stream':
        streams.secure(this.name, output.connection)
        break
      case 'send-frame':
        this.#sendFrame(output.connection, output.bytes)
        break
      case 'close-stream':
        streams.close(this.name, output.connection, output.reason)
        break
      case 'command-answered':
        this.answers.set(output.commandId, output.result)
        break
      case 'shut-down-complete':
        schedule.after(0, () => {
          this.#stop('shut-down')
        })
        break
    }
  }

  #sendFrame(connection: ConnectionId, bytes: Uint8Array): void {
    const frame = bytes.slice()
    stampSentTime(frame, toDhcpTime(this.now()))
    this.#options.streams.send(this.name, connection, frame)
  }

  #arm(): void {
    this.#timer?.cancel()
    const deadline = this.#engine?.nextDeadline()
    if (deadline === undefined) return
    this.#timer = this.#options.schedule.at(deadline - this.clockSkewMs, () => {
      this.post({ kind: 'deadline-reached' })
    })
  }

  #keepAlive(run: number): void {
    this.#options.schedule.after(KEEP_ALIVE_MS, () => {
      if (run !== this.#run) return
      if (!this.#isCommitting) this.#turn()
      this.#keepAlive(run)
    })
  }
}

function noAddress(): never {
  throw new Error('a simulated server has one relationship')
}
