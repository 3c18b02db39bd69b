/** A machine loses its power: nobody closes its connections, and its partner keeps its end of them half open. */
import { declareLater } from './declare-later.ts'
import { defineFault, mayStop, pickServer } from './fault.ts'

export const powerLoss = defineFault({
  name: 'power-loss',
  weight: 1,
  lastsSeconds: [1, 3_600],
  begin: (scene) => {
    const server = pickServer(scene)
    if (!mayStop(scene, server)) return undefined
    server.losePower()
    if (scene.random.chance(0.5)) declareLater(scene, server)
    return () => {
      server.start()
    }
  },
})
