/** A person who sees that a server is dead declares it down on the other, and keeps to the duty that goes with it (RFC 8156 section 8.4). */
import type { ServerProcess } from '../world/server-process.ts'
import type { FaultScene } from './fault.ts'
import { secondsOf } from './seconds.ts'

const DECLARED_AFTER_SECONDS: readonly [number, number] = [5, 60]

export function declareLater({ world, random, note }: FaultScene, down: ServerProcess): void {
  const afterSeconds = secondsOf(random, DECLARED_AFTER_SECONDS)
  world.schedule.after(afterSeconds * 1000, () => {
    const survivor = world.partnerOf(down)
    const isDead = !down.isRunning || down.isSuspended
    const state = world.stateOf(survivor)
    if (!isDead || survivor.isSuspended) return
    if (state !== 'COMMUNICATIONS-INTERRUPTED' && state !== 'RESOLUTION-INTERRUPTED') return
    if (world.history === 'declared-safe' && !mayMeet(survivor, down)) return
    // Whoever declares also sees to it that the other, once started, is heard.
    world.streams.mend()
    for (const server of world.servers) server.makeSound()
    note(`operator knows that ${down.name} is dead`)
    world.operator.declarePartnerDown(survivor)
  })
}

/** With or without TLS, as each runs and will run: of two that differ, the one that comes back would serve alone. */
function mayMeet(survivor: ServerProcess, down: ServerProcess): boolean {
  const used = [survivor.configuration, survivor.nextConfiguration, down.nextConfiguration]
  // A suspended one goes on with what it has.
  if (down.isRunning) used.push(down.configuration)
  return new Set(used.map(({ relationships }) => relationships[0]?.transport)).size === 1
}
