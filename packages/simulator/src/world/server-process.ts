/** One server of the world: the engine with the same loop as the real driver, over simulated sockets, clock and disk. */
import {
  addMs,
  createEngine,
  isPromise,
  type Command,
  type CommandResult,
  type Effects,
  type EndpointState,
  type Engine,
  type EngineEvent,
  type Instant,
  type ListenerDown,
  type Output,
} from '@tandem/engine'
import { createEngineWithBug } from '@tandem/engine/simulation'
import { commitPersistently } from './persistent-commit.ts'
import type { Ending } from './process-observer.ts'
import { releaseOutput, type Outlets } from './release-output.ts'
import { RUNNING_AHEAD_MS, RUNNING_RENEWAL_MS, RunningMark } from './running-mark.ts'
import type { Scheduled } from './schedule.ts'
import { soundDisk, type DiskHealth } from './simulated-disk.ts'
import { SimulatedMachine } from './simulated-machine.ts'
import type { ServerProcessOptions } from './server-process-options.ts'
import { streamEvents } from './stream-events.ts'

/** An answer older than this is dropped (architecture, section 5). */
const ANSWER_AGE_MAX_MS = 2_000
const EVENTS_PER_COMMIT_MAX = 512
/** What sockets and streams keep of a process that does not read. */
const WAITING_DATAGRAMS_MAX = 256
/** The supervisor starts a process that ended by itself. */
const RESTART_AFTER_MS = 2_000

export class ServerProcess extends SimulatedMachine {
  readonly #outlets: Outlets
  #engine: Engine | undefined
  #run = 0
  #inbox: EngineEvent[] = []
  #isCommitting = false
  #isSuspended = false
  /** Storage has failed for long: no datagrams until it is back. */
  #isDeaf = false
  #timer: Scheduled | undefined
  #decidedState: EndpointState | undefined
  #published: EndpointState | undefined
  readonly #running: RunningMark
  #gapIsCertain = false
  #afterResume: (() => void)[] = []
  #disk: DiskHealth = soundDisk
  readonly answers = new Map<string, CommandResult>()
  #listenersDown: readonly ListenerDown[] = []

  constructor(options: ServerProcessOptions) {
    super(options)
    this.#running = new RunningMark(options.store)
    this.#outlets = {
      ...options,
      name: this.name,
      now: () => this.now(),
      answered: (commandId, result) => this.answers.set(commandId, result),
      end: () => options.schedule.after(0, () => this.#stop('shut-down')),
    }
  }

  get isRunning(): boolean {
    return this.#engine !== undefined
  }

  get isSuspended(): boolean {
    return this.#isSuspended
  }

  /** Endpoint state as last told to the outside; a crash leaves it on the screens of operators. */
  get publishedState(): EndpointState | undefined {
    return this.#published
  }

  set disk(disk: DiskHealth) {
    this.#renew()
    this.hamper()
    this.#disk = disk.commitMs === soundDisk.commitMs && disk.failure === 'none' ? soundDisk : disk
    this.#wakeEachSecond()
  }

  makeSound(): void {
    this.disk = soundDisk
  }

  /** Client listeners that hear nobody. */
  get listenersDown(): readonly ListenerDown[] {
    return this.#listenersDown
  }

  set listenersDown(down: readonly ListenerDown[]) {
    this.#listenersDown = down
    this.post({ kind: 'listeners-changed', down })
  }

  /** How long one commit takes. */
  set commitMs(commitMs: number) {
    this.disk = { ...this.#disk, commitMs }
  }

  start(): void {
    if (this.#engine !== undefined) return
    this.#run += 1
    this.configuration = this.nextConfiguration
    const { store, observers, schedule, bug } = this.options
    const restored = store.restored()
    this.clock.restart(restored.lastCommitAt ?? 0)
    const create = bug === undefined ? createEngine : createEngineWithBug.bind(undefined, bug)
    const engine = create(this.configuration, restored, this.now())
    this.#engine = engine
    this.#published = undefined
    this.#decidedState = 'STARTUP'
    this.#running.wakes(schedule.now)
    for (const observer of observers) observer.started?.(this.name, engine)
    this.#attach()
    // As the driver: the first thing written is that it runs.
    this.#write([], this.now(), false)
    this.post({ kind: 'deadline-reached' })
    if (this.#listenersDown.length > 0) this.listenersDown = this.#listenersDown
    this.#wakeEachSecond()
  }

  /** SIGKILL: what was not committed is gone, what was not released was never said. */
  crash(): void {
    this.#stop('crash')
  }

  /** The disk is lost too: as if the server had never run. */
  crashAndErase(): void {
    this.options.streams.destroy(this.name)
    this.#stop('crash')
    this.store.erase()
    for (const observer of this.options.observers) observer.erased?.(this.name)
  }

  /** The machine loses its power: nobody closes its connections. */
  losePower(): void {
    this.options.streams.vanish(this.name)
    this.#stop('crash')
  }

  /** SIGSTOP, or the machine under it is paused: time goes on, it does not. */
  suspend(): void {
    if (this.#engine === undefined || this.#isSuspended) return
    this.#renew()
    this.hamper()
    this.#isSuspended = true
  }

  resume(): void {
    if (!this.#isSuspended) return
    this.#isSuspended = false
    this.hamper()
    // Nothing was renewed meanwhile.
    this.#running.wakes(this.options.schedule.now)
    const waiting = this.#afterResume
    this.#afterResume = []
    for (const act of waiting) act()
    this.#turnIfFree()
  }

  /** The machine's wall clock is set. */
  stepClock(byMs: number): void {
    this.#renew()
    this.hamper()
    this.clock.offsetMs += byMs
    // Its next look at the clock tells; nothing is renewed unseen before.
    this.#running.pause()
    const run = this.#run
    this.options.schedule.after(RUNNING_RENEWAL_MS, () => {
      if (run !== this.#run) return
      this.#running.wakes(this.options.schedule.now)
      this.#turnIfFree()
    })
  }

  post(event: EngineEvent): void {
    if (this.#engine === undefined) return
    if (event.kind === 'datagram-received' && this.#refusesDatagram(event.listenerId)) return
    this.#inbox.push(event)
    this.#turnIfFree()
  }

  command(commandId: string, operator: string, command: Command): void {
    this.post({ kind: 'command-received', commandId, operator, command })
  }

  #refusesDatagram(listener: string): boolean {
    if (this.#listenersDown.some(({ listenerId }) => listenerId === listener)) return true
    return this.#isDeaf || (this.#isSuspended && this.#inbox.length >= WAITING_DATAGRAMS_MAX)
  }

  #stop(how: Ending): void {
    const engine = this.#engine
    if (engine === undefined) return
    this.#renew()
    const isCommitting = this.#isCommitting
    this.#engine = undefined
    this.#run += 1
    this.#inbox = []
    this.#isCommitting = false
    this.#isSuspended = false
    this.#isDeaf = false
    this.#gapIsCertain = false
    this.#afterResume = []
    this.#timer?.cancel()
    this.options.streams.detach(this.name)
    // As the driver: the last thing written is that it runs no more.
    if (how === 'shut-down') this.store.noteRunning(this.now())
    for (const observer of this.options.observers) observer.stopped?.(this.name, how, engine, isCommitting)
  }

  #attach(): void {
    const run = this.#run
    this.options.streams.attach(
      this.name,
      streamEvents({
        configuration: this.configuration,
        partner: this.options.partner,
        now: () => this.now(),
        post: (event) => {
          if (run === this.#run) this.post(event)
        },
        whenAwake: (act) => {
          this.#whenAwake(act)
        },
      }),
    )
  }

  /** What arrives while the process is suspended is read, and stamped, when it goes on. */
  #whenAwake(act: () => void): void {
    if (this.#isSuspended) this.#afterResume.push(act)
    else act()
  }

  #closeAllStreams(): void {
    this.options.streams.detach(this.name)
    this.#attach()
  }

  #turnIfFree(): void {
    if (!this.#isCommitting && !this.#isSuspended) this.#turn()
  }

  /** The driver's loop: decide all that waits, commit what must be durable, release in order. */
  #turn(): void {
    const engine = this.#engine
    if (engine === undefined) return
    this.#renew()
    const now = this.now()
    const taken = this.#inbox.splice(0, EVENTS_PER_COMMIT_MAX)
    const events = this.#isPastRunning(now) ? this.#afterGap(taken) : taken
    const steps = events.map((event) => this.#decide(engine, event, now))
    const promises = steps.some((step) => step.commit.length > 0 || step.afterCommit.some(isPromise))
    if (promises || this.#running.isDue(now)) {
      this.#write(steps, now, promises)
      return
    }
    this.#published = this.#decidedState
    this.#release(steps)
    this.#goOn()
  }

  #goOn(): void {
    if (this.#inbox.length > 0) this.#turnIfFree()
    else this.#arm()
  }

  #isPastRunning(now: Instant): boolean {
    return this.#gapIsCertain || now > this.#running.until
  }

  /** The partner may have taken over meanwhile: everything said before is stale (architecture section 5, traps). */
  #afterGap(taken: readonly EngineEvent[]): readonly EngineEvent[] {
    const from = this.#running.until
    this.#closeAllStreams()
    this.#inbox = []
    this.#isDeaf = false
    this.#gapIsCertain = false
    this.#running.wakes(this.options.schedule.now)
    const kept = taken.filter(({ kind }) => kind === 'command-received' || kind === 'listeners-changed')
    return [{ kind: 'time-gap', from }, ...kept, { kind: 'deadline-reached' }]
  }

  #write(steps: readonly Effects[], now: Instant, promises: boolean): void {
    const { schedule, store, observers, bug } = this.options
    const changes = steps.flatMap((step) => step.commit)
    const runningUntil = addMs(now, RUNNING_AHEAD_MS)
    const commit = { number: store.commitNumber + 1, changes, at: now, runningUntil, promises }
    const state = this.#decidedState
    const isEarly = bug === 'reply-before-commit'
    const run = this.#run
    const begunAt = schedule.now
    this.#isCommitting = true
    if (isEarly) this.#release(steps)
    if (changes.length > 0 && this.fallsAtCommit('before')) {
      this.crash()
      return
    }
    commitPersistently(commit, {
      schedule,
      store,
      health: () => this.#disk,
      isWanted: () => run === this.#run,
      suspend: () => {
        this.#isDeaf = true
        this.#closeAllStreams()
      },
      giveUp: () => this.#failStorage(),
      done: (wasSuspended) => {
        this.#whenAwake(() => {
          if (run !== this.#run) return
          this.#isCommitting = false
          // Begun while the disk was slow, it may end after that.
          if (schedule.now - begunAt > soundDisk.commitMs) this.hamper()
          this.#running.written(commit.runningUntil)
          this.#gapIsCertain = wasSuspended
          for (const observer of observers) observer.committed?.(this.name, changes, this.now())
          this.#published = state
          if (changes.length > 0 && this.fallsAtCommit('after')) this.crash()
          if (run !== this.#run) return
          // What is silenced is lost: not even a disk that is sound again makes up for that unseen.
          this.#gapIsCertain ||= this.#isPastRunning(this.now())
          if (!isEarly) this.#release(steps, this.#gapIsCertain)
          if (run === this.#run) this.#goOn()
        })
      },
    })
  }

  #failStorage(): void {
    this.#stop('storage-failed')
    const run = this.#run
    this.options.schedule.after(RESTART_AFTER_MS, () => {
      if (run === this.#run) this.start()
    })
  }

  #decide(engine: Engine, event: EngineEvent, now: Instant): Effects {
    const effects = engine.handle(event, now)
    for (const change of effects.commit) {
      if (change.kind === 'transition-added') this.#decidedState = change.transition.to
    }
    for (const observer of this.options.observers) observer.decided?.(this.name, event, effects, engine, now)
    return effects
  }

  /** Past "running until" nothing is sent, but whoever waits for a command or for the end is told, as by the driver. */
  #release(steps: readonly Effects[], isSilent = false): void {
    for (const output of steps.flatMap((step) => step.afterCommit)) {
      if (!isSilent || output.kind === 'command-answered' || output.kind === 'shut-down-complete') {
        this.#releaseOne(output)
      }
    }
  }

  #releaseOne(output: Output): void {
    if (output.kind === 'send-datagram' && this.now() - output.requestArrivedAt > ANSWER_AGE_MAX_MS) return
    for (const observer of this.options.observers) observer.released?.(this.name, output, this.now())
    releaseOutput(output, this.#outlets)
  }

  #arm(): void {
    this.#timer?.cancel()
    const deadline = this.#engine?.nextDeadline()
    if (deadline === undefined && !this.#gapIsCertain) return
    // The driver looks at the clock each second: nothing else may come that would show it the gap.
    const lookMs = this.#gapIsCertain ? RUNNING_RENEWAL_MS : Infinity
    const waitMs = Math.min(lookMs, Math.max(1, (deadline ?? Infinity) - this.now()))
    this.#timer = this.options.schedule.after(waitMs, () => {
      this.post({ kind: 'deadline-reached' })
    })
  }

  #renew(): void {
    if (this.#engine === undefined || this.#isCommitting || this.#isSuspended || this.#disk !== soundDisk) return
    this.#running.makeUp(this.now(), this.options.schedule.now)
  }

  /** While the disk is not sound nothing can be made up for. */
  #wakeEachSecond(): void {
    const [run, disk] = [this.#run, this.#disk]
    if (disk === soundDisk) return
    this.options.schedule.after(RUNNING_RENEWAL_MS, () => {
      if (run !== this.#run || disk !== this.#disk) return
      this.#running.wakes(this.options.schedule.now)
      this.hamper()
      this.#turnIfFree()
      this.#wakeEachSecond()
    })
  }
}
