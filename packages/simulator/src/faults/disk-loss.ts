/** A server dies and its disk with it; once in a run, since two lost disks are more than any two servers can survive. */
import { declareLater, mayStop } from './crash.ts'
import { defineFault, isOneAlone, pickServer, recordedState } from './fault.ts'

export const diskLoss = defineFault({
  name: 'disk-loss',
  pauseSeconds: 300,
  lastsSeconds: [1, 90],
  atMostOnce: true,
  begin: (scene) => {
    const server = pickServer(scene)
    if (!mayStop(scene, server) || isOneAlone(scene.world)) return undefined
    // Nobody else has it while the partner is itself fetching all.
    const partner = recordedState(scene.world.partnerOf(server))
    if (partner !== 'NORMAL' && partner !== 'COMMUNICATIONS-INTERRUPTED') return undefined
    server.crashAndErase()
    if (scene.random.chance(0.5)) declareLater(scene, server)
    return () => {
      server.start()
    }
  },
})
