/** Lets the faults of one run come and go, paced by how far the run has come, and makes all of them good at its end. */
import type { Fault, FaultScene } from '../faults/fault.ts'
import { logarithmic } from './draw-settings.ts'
import { faultCell } from './expected-cells.ts'

export interface WeighedFault {
  readonly fault: Fault
  readonly weight: number
}

interface Running {
  readonly fault: Fault
  readonly repair: () => boolean | void
}

/** `reach` is told each `area: what`. */
export interface ScheduleScene extends FaultScene {
  readonly reach: (what: string) => void
}

/** No single fault takes more than this part of a run, or it would see little else. */
const LONGEST_PART = 0.1
/** How long a run will last is known only after a while; seconds. */
const FIRST_GUESS_SECONDS = 600

export class FaultSchedule {
  readonly #scene: ScheduleScene
  readonly #faults: readonly WeighedFault[]
  readonly #expected: number
  readonly #counts = new Map<string, number>()
  readonly #running = new Map<string, Running>()
  #nextAt: number
  #hasEnded = false

  /** `expected`: how many faults shall begin in the whole run, about. */
  constructor(scene: ScheduleScene, faults: readonly WeighedFault[], expected: number) {
    this.#scene = scene
    this.#faults = faults
    this.#expected = expected
    this.#nextAt = this.#pause()
  }

  /** How often each began. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** `progress`: how much of the run is over, 0 to 1. */
  advance(progress: number): void {
    if (this.#hasEnded || progress < this.#nextAt) return
    this.#nextAt = progress + this.#pause()
    // One that cannot begin just now leaves its turn to another.
    let able = this.#faults.filter(({ fault }) => !this.#running.has(fault.name))
    for (let chosen = this.#choose(able); chosen !== undefined; chosen = this.#choose(able)) {
      if (this.#begin(chosen, progress)) return
      able = able.filter(({ fault }) => fault !== chosen)
    }
  }

  /** Now, whatever the pace: begins it, or ends it where it strikes at its end. False: it could not. */
  strike(fault: Fault, progress: number): boolean {
    const running = this.#running.get(fault.name)
    if (this.#hasEnded || running === undefined) return !this.#hasEnded && this.#begin(fault, progress)
    return fault.strikesAtEnd === true && this.#finish(running)
  }

  /** Any that lasts. */
  endOne(): void {
    const running = this.#scene.random.pick([...this.#running.values()])
    if (running !== undefined) this.#finish(running)
  }

  isRunning({ name }: Fault): boolean {
    return this.#running.has(name)
  }

  end(): void {
    this.#hasEnded = true
    for (const running of this.#running.values()) this.#finish(running)
  }

  /** By chance, but no two runs of it alike: most are short, and some are long. */
  #pause(): number {
    return -Math.log(1 - this.#scene.random.fraction()) / this.#expected
  }

  #choose(faults: readonly WeighedFault[]): Fault | undefined {
    const total = faults.reduce((sum, { weight }) => sum + weight, 0)
    let left = this.#scene.random.fraction() * total
    for (const { fault, weight } of faults) {
      left -= weight
      if (left < 0) return fault
    }
    return undefined
  }

  #begin(fault: Fault, progress: number): boolean {
    const { world, random, note } = this.#scene
    const states = this.#states()
    const repair = fault.begin(this.#scene)
    if (repair === undefined) return false
    if (fault.strikesAtEnd !== true) this.#count(fault, states)
    note(`${fault.name} begins`)
    const running = { fault, repair }
    this.#running.set(fault.name, running)
    const whole = progress < 0.05 ? FIRST_GUESS_SECONDS : world.elapsedMs / 1000 / progress
    const [shortest, longest] = fault.lastsSeconds
    const upTo = Math.max(shortest, Math.min(longest, whole * LONGEST_PART))
    const seconds = shortest === 0 ? 0 : logarithmic(random, shortest, upTo)
    world.schedule.after(seconds * 1000 + random.between(0, 999), () => {
      if (this.#running.get(fault.name) === running) this.#finish(running)
    })
    return true
  }

  /** False: it strikes at its end, and could not. */
  #finish({ fault, repair }: Running): boolean {
    this.#running.delete(fault.name)
    const states = this.#states()
    this.#scene.note(`${fault.name} ends`)
    if (repair() === false) return false
    if (fault.strikesAtEnd === true) this.#count(fault, states)
    return true
  }

  #states(): ReadonlySet<string> {
    const { world } = this.#scene
    return new Set(world.servers.map((server) => world.stateOf(server) ?? 'not running'))
  }

  #count(fault: Fault, states: ReadonlySet<string>): void {
    this.#scene.reach(`faults: ${fault.name}`)
    for (const state of states) this.#scene.reach(faultCell(fault.name, state))
    this.#counts.set(fault.name, (this.#counts.get(fault.name) ?? 0) + 1)
  }
}
