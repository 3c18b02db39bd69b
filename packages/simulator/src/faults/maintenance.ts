/** An operator shuts a server down in order and starts it again; in between the other may be told that it is alone. */
import { declareLater } from './declare-later.ts'
import { defineFault, mayStop, pickServer } from './fault.ts'

const GOOD_BYE_MS = 5_000

export const maintenance = defineFault({
  name: 'maintenance',
  weight: 1,
  lastsSeconds: [5, 3_600],
  begin: (scene) => {
    const server = pickServer(scene)
    if (!mayStop(scene, server)) return undefined
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
