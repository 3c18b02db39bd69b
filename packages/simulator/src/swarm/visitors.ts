/** Clients that come, stay a while and leave, some with a RELEASE and some without a word. */
import type { Client } from '../actors/client.ts'
import type { Random } from '../world/random.ts'
import type { World } from '../world/world.ts'

export class Visitors {
  readonly #world: World
  readonly #random: Random
  #hasEnded = false

  constructor(world: World, random: Random) {
    this.#world = world
    this.#random = random
  }

  add(count: number): void {
    for (let number = 1; number <= count; number += 1) {
      const wishes = this.#random.pick([
        { address: true, prefix: false },
        { address: false, prefix: true },
        { address: true, prefix: true },
      ]) ?? { address: true, prefix: true }
      const rapidCommit = this.#random.chance(0.3)
      const client = this.#world.addClient(`C${number}`, { ...wishes, rapidCommit }, this.#random.chance(0.5))
      this.#later(1, 60, () => {
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
    this.#later(20, 500, () => {
      if (this.#random.chance(0.5)) client.release()
      else client.vanish()
      this.#later(1, 90, () => {
        this.#arrive(client)
      })
    })
  }

  #later(from: number, to: number, act: () => void): void {
    this.#world.schedule.after(this.#random.between(from * 1000, to * 1000), () => {
      if (!this.#hasEnded) act()
    })
  }
}
