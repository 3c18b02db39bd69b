/**
 * Every third seed lies in wait for one state: when an endpoint is in it, one fault after the other begins there, and where it
 * does not come by itself the pair is led into it. The other seeds stay as quiet as they were.
 */
import type { EndpointState } from '@tandem/engine'
import { onPartnerState } from '@tandem/engine/simulation'
import { declareLater } from '../faults/declare-later.ts'
import { mayStop, pickServer, type Fault, type FaultScene } from '../faults/fault.ts'
import { faults } from '../faults/faults.ts'
import type { FaultSchedule } from './fault-schedule.ts'

export interface Ambush {
  readonly state: EndpointState
  /** In the order in which they begin there. */
  readonly faults: readonly Fault[]
  /** Both went on alone, which no right operator brings about (decision 0031). */
  readonly needsOperatorError: boolean
}

const EVERY_SEEDS = 3
const states = Object.keys(onPartnerState) as readonly EndpointState[]
const inConflict: ReadonlySet<EndpointState> = new Set([
  'POTENTIAL-CONFLICT',
  'RESOLUTION-INTERRUPTED',
  'CONFLICT-DONE',
])
/** Of the seeds that lie in wait for any other state: faults that are errors of operators have to strike there too. */
const OPERATOR_ERROR_EVERY = 4

/** By turns, so that any stretch of seeds sees all states, and any long one all faults in each. */
export function ambushOf(seed: number): Ambush | undefined {
  if (seed % EVERY_SEEDS !== 0) return undefined
  const turn = Math.floor(seed / EVERY_SEEDS)
  const round = Math.floor(turn / states.length)
  const state = states[turn % states.length] ?? 'STARTUP'
  // Five has no divisor in common with the number of faults, so that each comes first some time.
  const first = (round * 5) % faults.length
  return {
    state,
    faults: [...faults.slice(first), ...faults.slice(0, first)],
    needsOperatorError: inConflict.has(state) || round % OPERATOR_ERROR_EVERY === 0,
  }
}

/** Of the whole run: for so long the pair is left alone after a fault, or after it has been led. */
const REST_PART = 0.025
/** At each thing that happens while the state lasts: some faults strike at once, some a little later. */
const STRIKE_CHANCE = 0.2
/** A server that was declared down is started again. */
const BACK_AFTER_SECONDS: readonly [number, number] = [65, 120]
const MENDED_AFTER_SECONDS: readonly [number, number] = [1, 60]

export class Waylayer {
  readonly #scene: FaultScene
  readonly #schedule: FaultSchedule
  readonly #ambush: Ambush
  #waiting: Fault[]
  #restsUntil = REST_PART

  constructor(scene: FaultScene, schedule: FaultSchedule, ambush: Ambush) {
    this.#scene = scene
    this.#schedule = schedule
    this.#ambush = ambush
    const isError = scene.world.history === 'operator-error'
    this.#waiting = ambush.faults.filter(({ isOperatorError }) => isOperatorError !== true || isError)
  }

  /** `progress`: how much of the run is over, 0 to 1. */
  advance(progress: number): void {
    if (progress < this.#restsUntil || this.#waiting.length === 0) return
    if (this.#isThere(this.#ambush.state)) {
      if (this.#scene.random.chance(STRIKE_CHANCE)) this.#strike(progress)
      return
    }
    if (this.#isOnTheWay()) return
    this.#lead()
    this.#restsUntil = progress + REST_PART / 5
  }

  #isThere(state: EndpointState): boolean {
    const { world } = this.#scene
    return world.servers.some((server) => world.stateOf(server) === state)
  }

  /** The first that can. */
  #strike(progress: number): void {
    for (const [index, fault] of this.#waiting.entries()) {
      // What strikes at its end has to have begun before: the next time it does.
      const isPrepared = fault.strikesAtEnd !== true || this.#schedule.isRunning(fault)
      if (!this.#schedule.strike(fault, progress) || !isPrepared) continue
      this.#waiting.splice(index, 1)
      this.#restsUntil = progress + REST_PART
      return
    }
    this.#restsUntil = progress + REST_PART / 20
  }

  #isOnTheWay(): boolean {
    const { state } = this.#ambush
    if (state === 'RESOLUTION-INTERRUPTED' && this.#isThere('POTENTIAL-CONFLICT')) {
      this.#cut()
      return true
    }
    if (state === 'CONFLICT-DONE') return this.#isThere('POTENTIAL-CONFLICT')
    if (state === 'RECOVER-WAIT') return this.#isThere('RECOVER')
    if (state === 'RECOVER-DONE') return this.#isThere('RECOVER-WAIT') || this.#isThere('RECOVER')
    return false
  }

  #lead(): void {
    const { world } = this.#scene
    const { state } = this.#ambush
    if (state === 'NORMAL' || !world.areBothNormal) return
    if (state === 'STARTUP') this.#stop([1, 3])
    else if (state === 'COMMUNICATIONS-INTERRUPTED') this.#cut()
    else if (inConflict.has(state)) world.operator.declarePartnerDown(pickServer(this.#scene), true)
    else this.#stop(BACK_AFTER_SECONDS)
  }

  #cut(): void {
    const { world } = this.#scene
    if (world.streams.isCut) return
    world.streams.cut()
    world.streams.reset()
    this.#after(MENDED_AFTER_SECONDS, () => {
      world.streams.mend()
    })
  }

  /** The longer one is declared down, and recovers when it is back. */
  #stop(seconds: readonly [number, number]): void {
    const server = pickServer(this.#scene)
    if (!mayStop(this.#scene, server)) return
    server.crash()
    if (seconds === BACK_AFTER_SECONDS) declareLater(this.#scene, server)
    this.#after(seconds, () => {
      server.start()
    })
  }

  #after([from, to]: readonly [number, number], act: () => void): void {
    const { world, random } = this.#scene
    world.schedule.after(random.between(from, to) * 1000, act)
  }
}
