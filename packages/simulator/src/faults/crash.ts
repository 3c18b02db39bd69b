/** A server dies without a word and is started again; if that takes long, the operator declares it down. */
import { secondsOf } from './seconds.ts'
import { defineFault, isOneAlone, pickServer, recordedState, type FaultScene } from './fault.ts'
import type { ServerProcess } from '../world/server-process.ts'

const DECLARED_AFTER_SECONDS: readonly [number, number] = [5, 60]

export const crash = defineFault({
  name: 'crash',
  pauseSeconds: 120,
  lastsSeconds: [1, 150],
  begin: (scene) => {
    const server = pickServer(scene)
    if (!mayStop(scene, server)) return undefined
    server.crash()
    if (scene.random.chance(0.5)) declareLater(scene, server)
    return () => {
      server.start()
    }
  },
})

/** The one that went on alone must stay, or a partner that comes back would not hear of it. */
export function mayStop({ world }: FaultScene, server: ServerProcess): boolean {
  if (!server.isRunning) return false
  if (!isOneAlone(world)) return true
  return recordedState(server) !== 'PARTNER-DOWN' && world.partnerOf(server).isRunning
}

export function declareLater({ world, random, note }: FaultScene, down: ServerProcess): void {
  const afterSeconds = secondsOf(random, DECLARED_AFTER_SECONDS)
  world.schedule.after(afterSeconds * 1000, () => {
    const survivor = world.partnerOf(down)
    if (down.isRunning || world.stateOf(survivor) !== 'COMMUNICATIONS-INTERRUPTED') return
    // Whoever declares also sees to it that the other, once started, is heard.
    world.streams.mend()
    survivor.commitMs = 1
    down.commitMs = 1
    note(`operator knows that ${down.name} is dead`)
    world.operator.declarePartnerDown(survivor)
  })
}
