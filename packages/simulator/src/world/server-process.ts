/** One server of the world: the engine with the same loop as the real driver, over simulated sockets and disk. */
import {
  createEngine,
  instant,
  type CommandResult,
  type Effects,
  type Engine,
  type EngineConfiguration,
  type EngineEvent,
  type EngineSnapshot,
  type Instant,
  type Output,
  type StorageChange,
} from '@tandem/engine'
import { formatIpv6Address, stampSentTime, toDhcpTime } from '@tandem/protocol'
import type { Schedule, Scheduled } from './schedule.ts'
import type { SimulatedStore } from './simulated-store.ts'
import type { StreamNetwork } from './stream-network.ts'

/** What others in the world see of a process, in the order in which it happens. */
export interface ProcessObserver {
  decided?(server: string, event: EngineEvent, effects: Effects, now: Instant): void
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
  readonly tamper?: (effects: Effects, now: Instant) => Effects
}

/** An answer older than this is dropped (architecture, section 5). */
const ANSWER_AGE_MAX_MS = 2_000

export class ServerProcess {
  readonly name: string
  readonly #options: ServerProcessOptions
  #engine: Engine | undefined
  #run = 0
  #inbox: EngineEvent[] = []
  #committing = false
  #timer: Scheduled | undefined
  #published: EngineSnapshot | undefined
  readonly answers = new Map<string, CommandResult>()
  commitMs = 1
  /** How far this server's clock is ahead of the world's. */
  clockSkewMs = 0

  constructor(options: ServerProcessOptions) {
    this.#options = options
    this.name = options.configuration.serverName
  }

  get running(): boolean {
    return this.#engine !== undefined
  }

  /** Last released picture; survives a crash only on the screens of operators. */
  get snapshot(): EngineSnapshot | undefined {
    return this.#published
  }

  now(): Instant {
    return instant(this.#options.schedule.now + this.clockSkewMs)
  }

  start(): void {
    if (this.#engine !== undefined) return
    this.#run += 1
    const { configuration, store, streams } = this.#options
    this.#engine = createEngine(configuration, store.restored(), this.now())
    streams.attach(this.name, {
      opened: (connection, direction, relationship) => {
        const link = configuration.relationships[0]
        const peerAddress = link === undefined ? '::' : formatIpv6Address(link.partnerAddress)
        this.post({ kind: 'stream-opened', connection, direction, peerAddress, relationship })
      },
      dialFailed: (relationship, reason) => this.post({ kind: 'dial-failed', relationship, reason }),
      secured: (connection) =>
        this.post({ kind: 'stream-secured', connection, peerCertificate: this.#options.partner }),
      frame: (connection, bytes) =>
        this.post({ kind: 'frame-received', connection, bytes: bytes.subarray(2), arrivedAt: this.now() }),
      closed: (connection, reason) => this.post({ kind: 'stream-closed', connection, reason }),
    })
    this.#arm()
  }

  /** SIGKILL: what was not committed is gone, what was not released was never said. */
  crash(): void {
    this.#engine = undefined
    this.#run += 1
    this.#inbox = []
    this.#committing = false
    this.#timer?.cancel()
    this.#options.streams.detach(this.name)
  }

  post(event: EngineEvent): void {
    if (this.#engine === undefined) return
    this.#inbox.push(event)
    if (!this.#committing) this.#turn()
  }

  /** The driver's loop: decide all that waits, commit, release in order. */
  #turn(): void {
    const engine = this.#engine
    if (engine === undefined) return
    const events = this.#inbox
    this.#inbox = []
    const steps: Effects[] = []
    for (const event of events) {
      const now = this.now()
      const decided = engine.handle(event, now)
      for (const observer of this.#options.observers) observer.decided?.(this.name, event, decided, now)
      steps.push(this.#options.tamper?.(decided, now) ?? decided)
    }
    const snapshot = engine.snapshot(this.now())
    const changes = steps.flatMap((step) => step.commit)
    const run = this.#run
    this.#committing = true
    this.#options.schedule.after(changes.length === 0 ? 0 : this.commitMs, () => {
      if (run !== this.#run) return
      this.#committing = false
      const now = this.now()
      this.#options.store.apply(changes, now)
      for (const observer of this.#options.observers) observer.committed?.(this.name, changes, now)
      this.#published = snapshot
      for (const output of steps.flatMap((step) => step.afterCommit)) this.#release(output)
      if (this.#inbox.length > 0) this.#turn()
      else this.#arm()
    })
  }

  #release(output: Output): void {
    const { schedule, streams } = this.#options
    for (const observer of this.#options.observers) observer.released?.(this.name, output, this.now())
    switch (output.kind) {
      case 'send-datagram':
        if (this.now() - output.requestArrivedAt <= ANSWER_AGE_MAX_MS) this.#options.sendDatagram(this.name, output)
        break
      case 'dial-stream':
        streams.dial(this.name, this.#options.partner, output.relationship)
        break
      case 'secure-stream':
        streams.secure(this.name, output.connection)
        break
      case 'send-frame': {
        const frame = output.bytes.slice()
        stampSentTime(frame, toDhcpTime(this.now()))
        streams.send(this.name, output.connection, frame)
        break
      }
      case 'close-stream':
        streams.close(this.name, output.connection, output.reason)
        break
      case 'command-answered':
        this.answers.set(output.commandId, output.result)
        break
      case 'shut-down-complete':
        schedule.after(0, () => {
          this.crash()
        })
        break
    }
  }

  #arm(): void {
    this.#timer?.cancel()
    const deadline = this.#engine?.nextDeadline()
    if (deadline === undefined) return
    this.#timer = this.#options.schedule.at(deadline - this.clockSkewMs, () => {
      this.post({ kind: 'deadline-reached' })
    })
  }
}
