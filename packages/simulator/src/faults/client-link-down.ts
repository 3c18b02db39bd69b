/** The interface on which a server hears clients goes down: it must leave service to its partner (decision 0080). */
import { listenerIds } from '../world/pair-configuration.ts'
import { defineFault, isOneAlone, pickServer } from './fault.ts'

export const clientLinkDown = defineFault({
  name: 'client-link-down',
  weight: 0.7,
  lastsSeconds: [1, 600],
  begin: (scene) => {
    if (isOneAlone(scene.world)) return undefined
    const server = pickServer(scene)
    if (!server.isRunning || server.listenersDown.length > 0) return undefined
    server.listenersDown = Object.values(listenerIds).map((listenerId) => ({
      listenerId,
      reason: `${listenerId} is down`,
    }))
    return () => {
      server.listenersDown = []
    }
  },
})
