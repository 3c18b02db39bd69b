/**
 * Every sixth seed is a skirmish: few clients, short lifetimes, and faults that come and go as fast as the endpoints move, most of
 * them at the very moment of a move. It sees more meetings of two states in one run than quiet seeds do in a hundred.
 */
import type { Fault } from '../faults/fault.ts'
import { faults } from '../faults/faults.ts'
import type { PairSettings } from '../world/pair-configuration.ts'
import type { Random } from '../world/random.ts'
import { breakWires, FirstMeeting } from './first-meeting.ts'
import type { FaultSchedule, ScheduleScene } from './fault-schedule.ts'

const EVERY_SEEDS = 6

export function isSkirmish(seed: number): boolean {
  return seed % EVERY_SEEDS === 5
}

/** Enough that the few prefixes change hands. */
export const SKIRMISH_CLIENTS = 6
/** Little happens between its faults, so it may last longer than another run. */
export const SKIRMISH_LENGTH = 2
/** So far apart that their first waits, each counted from its own start, end one after the other. */
export const SKIRMISH_STARTS_WITHIN_MS = 25_000

export function skirmishSettings(random: Random): Partial<PairSettings> {
  return {
    mcltSeconds: 30,
    validSeconds: 60,
    preferredSeconds: 40,
    keepaliveSeconds: 4,
    startupSeconds: random.pick([1, 3, 10]) ?? 3,
    reconnectSeconds: random.pick([1, 5]) ?? 1,
    autoPartnerDownSeconds: undefined,
    isTls: false,
    addresses: 8,
    delegatedLength: 51,
  }
}

/** Those that move endpoints; clients are hardly there. */
const weights: Readonly<Record<string, number>> = {
  crash: 2,
  'power-loss': 1,
  maintenance: 0.5,
  suspension: 2,
  'disk-loss': 0.5,
  'restored-copy': 0.5,
  partition: 2,
  'one-way-partition': 2,
  'connection-reset': 1,
  'slow-wire': 2,
  'slow-commit': 1.5,
  'client-link-down': 0.5,
  'wrong-partner-down': 4,
}
const movers = faults.filter(({ name }) => weights[name] !== undefined)

/** The next act comes at the next move of an endpoint, after a few things have happened, or after a while. */
type Pause =
  | { readonly kind: 'move'; readonly statesNow: string; readonly until: number }
  | { readonly kind: 'acts'; left: number }
  | { readonly kind: 'time'; readonly until: number }

const MOVE_AWAITED_MAX_MS = 40_000
const ACTS_MAX = 30
const WHILE_MAX_MS = 65_536

export class Skirmish {
  readonly #scene: ScheduleScene
  readonly #schedule: FaultSchedule
  readonly #firstMeeting: FirstMeeting
  #pause: Pause

  constructor(scene: ScheduleScene, schedule: FaultSchedule) {
    this.#scene = scene
    this.#schedule = schedule
    this.#firstMeeting = new FirstMeeting(scene)
    this.#pause = this.#nextPause()
    breakWires(scene, () => {
      if (schedule.hasEnded) return 'over'
      return this.#firstMeeting.isOver ? 'later' : 'first meeting'
    })
  }

  /** `progress`: how much of the run is over, 0 to 1. */
  advance(progress: number): void {
    if (!this.#firstMeeting.isOver) {
      this.#firstMeeting.advance()
      return
    }
    if (!this.#isOver()) return
    const { random } = this.#scene
    if (random.chance(0.5)) this.#schedule.endOne()
    else {
      const fault = this.#choose()
      if (fault !== undefined) this.#schedule.strike(fault, progress)
    }
    this.#pause = this.#nextPause()
  }

  #choose(): Fault | undefined {
    const total = movers.reduce((sum, { name }) => sum + (weights[name] ?? 0), 0)
    let left = this.#scene.random.fraction() * total
    return movers.find(({ name }) => {
      left -= weights[name] ?? 0
      return left < 0
    })
  }

  #isOver(): boolean {
    const pause = this.#pause
    const { now } = this.#scene.world.schedule
    if (pause.kind === 'time') return now >= pause.until
    if (pause.kind === 'move') return now >= pause.until || this.#states() !== pause.statesNow
    pause.left -= 1
    return pause.left <= 0
  }

  #nextPause(): Pause {
    const { random, world } = this.#scene
    const { now } = world.schedule
    const kind = random.pick(['move', 'acts', 'time'] as const) ?? 'time'
    if (kind === 'move') return { kind, statesNow: this.#states(), until: now + MOVE_AWAITED_MAX_MS }
    if (kind === 'acts') return { kind, left: random.between(1, ACTS_MAX) }
    return { kind, until: now + Math.round(WHILE_MAX_MS ** random.fraction()) }
  }

  #states(): string {
    const { world } = this.#scene
    return world.servers.map((server) => world.stateOf(server) ?? '').join()
  }
}
