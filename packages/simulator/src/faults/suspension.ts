/** A process is stopped, or the machine under it is paused, for seconds to hours: time goes on, it does not (architecture, section 5). */
import { declareLater } from './declare-later.ts'
import { defineFault, isOneAlone, mayStop, pickServer } from './fault.ts'

export const suspension = defineFault({
  name: 'suspension',
  weight: 1,
  lastsSeconds: [1, 3 * 3600],
  begin: (scene) => {
    const server = pickServer(scene)
    if (!mayStop(scene, server) || isOneAlone(scene.world)) return undefined
    server.suspend()
    if (scene.random.chance(0.3)) declareLater(scene, server)
    return () => {
      server.resume()
    }
  },
})
