/** A server dies without a word and is started again; if that takes long, the operator declares it down. */
import { declareLater } from './declare-later.ts'
import { defineFault, mayStop, pickServer } from './fault.ts'

export const crash = defineFault({
  name: 'crash',
  weight: 1,
  lastsSeconds: [1, 3_600],
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
