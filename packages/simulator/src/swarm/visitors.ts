/** Clients that come, stay a while and leave, some with a RELEASE and some without a word; some stay away for long. */
import type { Client } from '../actors/client.ts'
import type { Random } from '../world/random.ts'
import type { World } from '../world/world.ts'
import { logarithmic } from './draw-settings.ts'

export class Visitors {
  readonly #world: World
  readonly #random: Random
  /** In lifetimes. */
  readonly #stays: readonly [number, number]
  readonly #pauses: readonly [number, number]
  #hasEnded = false

  constructor(world: World, random: Random) {
    this.#world = world
    this.#random = random
    this.#stays = random.pick([
      [0.05, 1],
      [0.1, 4],
      [1, 20],
    ] as const) ?? [0.1, 4]
    this.#pauses = random.pick([
      [0.01, 0.5],
      [0.05, 5],
    ] as const) ?? [0.05, 5]
  }

  add(count: number): void {
    const { validSeconds } = this.#world.settings
    for (let number = 1; number <= count; number += 1) {
      const wishes = this.#random.pick([
        { address: true, prefix: false },
        { address: false, prefix: true },
        { address: true, prefix: true },
      ]) ?? { address: true, prefix: true }
      const rapidCommit = this.#random.chance(0.3)
      const client = this.#world.addClient(`C${number}`, { ...wishes, rapidCommit }, this.#random.chance(0.5))
      this.#later([1 / validSeconds, 0.5], () => {
        this.#arrive(client)
      })
    }
  }

  /** Everybody leaves without a word, and nobody comes any more. */
  end(): void {
    this.#hasEnded = true
    for (const client of this.#world.clients) client.vanish()
  }

  #arrive(client: Client): void {
    client.ask()
    this.#later(this.#stays, () => {
      if (this.#random.chance(0.5)) client.release()
      else client.vanish()
      this.#later(this.#pauses, () => {
        this.#arrive(client)
      })
    })
  }

  /** After so many lifetimes. */
  #later([from, to]: readonly [number, number], act: () => void): void {
    const { validSeconds } = this.#world.settings
    this.#world.schedule.after(logarithmic(this.#random, from * validSeconds * 1000, to * validSeconds * 1000), () => {
      if (!this.#hasEnded) act()
    })
  }
}
