/**
 * An operator shuts a server down in order and starts it again; in between the other may be told that it is alone. Or service
 * is handed over, and the server may be started anew meanwhile.
 */
import { declareLater } from './declare-later.ts'
import type { ServerProcess } from '../world/server-process.ts'
import { defineFault, mayStop, pickServer, type FaultScene } from './fault.ts'
import { takeBack } from './take-back.ts'

const GOOD_BYE_MS = 5_000
const HANDED_OVER = 0.5
const STARTED_ANEW = 0.5
/** Whoever fetches or shares out while the pair works. */
const ALSO = ['resync', 'rebalance'] as const

export const maintenance = defineFault({
  name: 'maintenance',
  weight: 1,
  lastsSeconds: [5, 3_600],
  begin: (scene) => {
    const server = pickServer(scene)
    if (!mayStop(scene, server)) return undefined
    if (scene.random.chance(HANDED_OVER)) return handOver(scene, server)
    scene.world.operator.shutDown(server)
    if (scene.random.chance(0.3)) declareLater(scene, server)
    return () => {
      server.start()
      // It may still be saying good-bye.
      scene.world.schedule.after(GOOD_BYE_MS, () => {
        server.start()
      })
    }
  },
})

function handOver({ world, random }: FaultScene, server: ServerProcess): () => void {
  const { operator } = world
  operator.service(server, 'hand-over')
  const also = random.pick(ALSO) ?? 'resync'
  if (random.chance(STARTED_ANEW)) {
    world.schedule.after(GOOD_BYE_MS, () => {
      if (server.store.endpoint('pair')?.handedOver === undefined) return
      server.crash()
      server.start()
    })
  }
  return () => {
    takeBack(world, server)
    if (server.isRunning) operator.service(server, also)
  }
}
