/**
 * In every tenth seed an operator drains pools and gives leases from them again, mostly on both servers. What it chooses comes
 * from a source of its own: all other seeds stay as they were.
 */
import { MessageType } from '@tandem/protocol'
import type { PairSettings } from '../world/pair-configuration.ts'
import { Random } from '../world/random.ts'
import type { ServerProcess } from '../world/server-process.ts'
import type { World, WorldObserver } from '../world/world.ts'
import { isSameIa, nameOf } from '../actors/client-message.ts'
import { answerIn } from '../checkers/read-reply.ts'
import { logarithmic } from './draw-settings.ts'
import { drainCell } from './expected-cells.ts'

const EVERY_SEEDS = 10
/** Of them. */
const TURN = 6
const SPARE_POOLS_PART = 0.6
const BOTH_SERVERS_PART = 0.8
/** In lifetimes. */
const PAUSES = [0.05, 1] as const
const LASTS = [0.05, 3] as const
/** Until the operator is at the other server's console. */
const SECOND_AFTER_SECONDS = [1, 60] as const

export function isDrained(seed: number): boolean {
  return seed % EVERY_SEEDS === TURN
}

export class Drainer {
  readonly #random: Random
  readonly settings: Partial<PairSettings>

  constructor(seed: number) {
    this.#random = new Random(seed ^ 0xd7a1)
    this.settings = { hasSparePools: this.#random.chance(SPARE_POOLS_PART) }
  }

  /** Goes on until the run is over. */
  begin(world: World, reach: (what: string) => void): void {
    world.observe(watchClients(reach))
    this.#next(world, reach)
  }

  #next(world: World, reach: (what: string) => void): void {
    this.#later(world, PAUSES, () => {
      this.#drainOne(world, reach)
    })
  }

  #drainOne(world: World, reach: (what: string) => void): void {
    const pool = this.#random.pick(poolsOf(world))
    const first = this.#random.chance(0.5) ? world.primary : world.secondary
    const servers = this.#random.chance(BOTH_SERVERS_PART) ? [first, world.partnerOf(first)] : [first]
    const command = (kind: 'drain-pool' | 'stop-draining'): void => {
      for (const [at, server] of servers.entries()) {
        const seconds = at === 0 ? 0 : this.#random.between(...SECOND_AFTER_SECONDS)
        world.schedule.after(seconds * 1000, () => {
          if (pool === undefined || !isAtWork(server)) return
          world.operator.pool(server, kind, pool)
        })
      }
    }
    command('drain-pool')
    this.#later(world, LASTS, () => {
      command('stop-draining')
      this.#next(world, reach)
    })
  }

  /** After so many lifetimes. */
  #later({ schedule, settings }: World, [from, to]: readonly [number, number], act: () => void): void {
    const lifetimeMs = settings.validSeconds * 1000
    schedule.after(logarithmic(this.#random, from * lifetimeMs, to * lifetimeMs), act)
  }
}

/** A drained lease is one without a preferred lifetime. */
function watchClients(reach: (what: string) => void): WorldObserver {
  const keptForTheRest = new Set<string>()
  return {
    clientReceived(client, _server, message) {
      if (message.type !== MessageType.Reply) return
      const alive = answerIn(message).leases.filter(({ validSeconds }) => validSeconds > 0)
      for (const lease of alive) {
        const name = `${client.name} ${nameOf(lease)}`
        if (lease.preferredSeconds > 0) {
          if (keptForTheRest.delete(name)) reach(drainCell('renewed in full when it is over'))
          continue
        }
        keptForTheRest.add(name)
        reach(drainCell('kept for the rest'))
        const isBeside = alive.some((other) => isSameIa(other, lease) && other.preferredSeconds > 0)
        if (isBeside) reach(drainCell('another lease beside it'))
      }
    },
  }
}

function isAtWork(server: ServerProcess): boolean {
  return server.isRunning && !server.isSuspended
}

function poolsOf({ primary }: World): readonly string[] {
  return primary.configuration.subnets.flatMap(({ addressPools, prefixPools }) =>
    [...addressPools, ...prefixPools].map(({ id }) => id),
  )
}
