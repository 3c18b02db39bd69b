/** Clients that come, stay a while and leave, some with a RELEASE and some without a word; meanwhile they sleep, restart and move. */
import type { Client } from '../actors/client.ts'
import type { Random } from '../world/random.ts'
import type { Place, World } from '../world/world.ts'
import { drawAct, drawHabits, drawWishes, IAS_MAX, type Habits, type VisitAct } from './habits.ts'
import { logarithmic } from './draw-settings.ts'

/** In lifetimes. */
const SLEEPS = [0.01, 3] as const

export class Visitors {
  readonly #world: World
  readonly #random: Random
  /** In lifetimes. */
  readonly #stays: readonly [number, number]
  readonly #pauses: readonly [number, number]
  readonly #habits: Habits
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
    this.#habits = drawHabits(random)
  }

  add(count: number): void {
    const { validSeconds } = this.#world.settings
    for (let number = 1; number <= count; number += 1) {
      const { link, isRelayed } = this.#somePlace()
      const client = this.#world.addClient(`C${number}`, drawWishes(this.#random, this.#habits), isRelayed, link)
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
    let hasLeft = false
    this.#later(this.#stays, () => {
      hasLeft = true
      if (this.#random.chance(0.5)) client.release()
      else client.vanish()
      this.#later(this.#pauses, () => {
        this.#arrive(client)
      })
    })
    for (let left = this.#habits.actsPerStay; this.#random.chance(left); left -= 1) {
      this.#later(this.#stays, () => {
        if (!hasLeft) this.#do(drawAct(this.#random), client)
      })
    }
  }

  #do(act: VisitAct, client: Client): void {
    switch (act) {
      case 'ask for settings':
        client.askForSettings()
        return
      case 'ask for more':
        client.askForMore(this.#random.chance(0.5) ? 'addresses' : 'prefixes', IAS_MAX)
        return
      case 'restart':
        client.checkLink()
        return
      case 'sleep':
        client.sleep()
        this.#later(SLEEPS, () => {
          client.checkLink()
        })
        return
      case 'move':
        this.#world.move(client, this.#somePlace())
        if (this.#random.chance(this.#habits.noticesMoveChance)) client.checkLink()
    }
  }

  #somePlace(): Place {
    const link = this.#random.between(1, this.#world.settings.links)
    return { link, isRelayed: link > 1 || this.#random.chance(0.5) }
  }

  /** After so many lifetimes. */
  #later([from, to]: readonly [number, number], act: () => void): void {
    const { validSeconds } = this.#world.settings
    this.#world.schedule.after(logarithmic(this.#random, from * validSeconds * 1000, to * validSeconds * 1000), () => {
      if (!this.#hasEnded) act()
    })
  }
}
