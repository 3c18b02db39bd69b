/** An operator declares a partner down that is up (RFC 8156 section 8.4 forbids it): both then serve everybody. */
import { defineFault, nothingToRepair, pickServer } from './fault.ts'

export const wrongPartnerDown = defineFault({
  name: 'wrong-partner-down',
  weight: 2,
  lastsSeconds: [0, 0],
  isOperatorError: true,
  begin: (scene) => {
    const server = pickServer(scene)
    if (!server.isRunning || server.isSuspended) return undefined
    scene.world.operator.declarePartnerDown(server, true)
    return nothingToRepair
  },
})
