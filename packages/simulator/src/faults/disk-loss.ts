/** A server dies and its disk with it: it begins with an empty one (RFC 8156 sections 8.3.2 and 8.5). */
import { declareLater } from './declare-later.ts'
import { defineFault, mayLoseStorage, pickServer } from './fault.ts'

export const diskLoss = defineFault({
  name: 'disk-loss',
  weight: 0.5,
  lastsSeconds: [1, 3_600],
  begin: (scene) => {
    const server = pickServer(scene)
    if (!mayLoseStorage(scene, server)) return undefined
    server.crashAndErase()
    if (scene.random.chance(0.5)) declareLater(scene, server)
    return () => {
      server.start()
    }
  },
})
