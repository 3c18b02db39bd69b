/** Lets the faults of one run come and go, and makes all of them good at its end. */
import type { Fault, FaultScene } from '../faults/fault.ts'
import { secondsOf } from '../faults/seconds.ts'

/** A fault that may not begin now is tried again after so long. */
const AGAIN_SECONDS: readonly [number, number] = [1, 20]

export class FaultSchedule {
  readonly #scene: FaultScene
  readonly #counts = new Map<string, number>()
  readonly #running = new Map<string, () => void>()
  #hasEnded = false

  constructor(scene: FaultScene) {
    this.#scene = scene
  }

  /** How often each began. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts
  }

  /** `weight`: how much more often than usual. */
  add(fault: Fault, weight: number): void {
    const longest = Math.max(1, Math.round((2 * fault.pauseSeconds) / weight))
    this.#later(fault, weight, [1, longest])
  }

  end(): void {
    this.#hasEnded = true
    for (const [name, repair] of this.#running) {
      this.#scene.note(`${name} ends`)
      repair()
    }
    this.#running.clear()
  }

  #later(fault: Fault, weight: number, pause: readonly [number, number]): void {
    const { world, random } = this.#scene
    world.schedule.after(random.between(...pause) * 1000 + random.between(0, 999), () => {
      if (!this.#hasEnded) this.#begin(fault, weight)
    })
  }

  #begin(fault: Fault, weight: number): void {
    const { world, random, note } = this.#scene
    const repair = fault.begin(this.#scene)
    if (repair === undefined) {
      this.#later(fault, weight, AGAIN_SECONDS)
      return
    }
    note(`${fault.name} begins`)
    this.#counts.set(fault.name, (this.#counts.get(fault.name) ?? 0) + 1)
    this.#running.set(fault.name, repair)
    world.schedule.after(secondsOf(random, fault.lastsSeconds) * 1000 + random.between(0, 999), () => {
      if (this.#hasEnded) return
      this.#running.delete(fault.name)
      note(`${fault.name} ends`)
      repair()
      if (fault.atMostOnce !== true) this.add(fault, weight)
    })
  }
}
