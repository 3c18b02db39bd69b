/** An operator brings declined addresses back, on whichever server it is (RFC 8156 section 7.2, decision 0073). */
import { defineFault, nothingToRepair, pickServer } from './fault.ts'

/** One in so many is reset at one go. */
const PARTS = [1, 0.3] as const

export const leaseReset = defineFault({
  name: 'lease-reset',
  weight: 3,
  lastsSeconds: [0, 0],
  begin: (scene) => {
    const { random, world } = scene
    const server = pickServer(scene)
    if (!server.isRunning || server.isSuspended) return undefined
    const declined = [...server.store.bindings()].filter(({ status }) => status === 'ABANDONED')
    if (declined.length === 0) return undefined
    const part = random.pick(PARTS) ?? 1
    for (const lease of declined) if (random.chance(part)) world.operator.resetLease(server, lease)
    return nothingToRepair
  },
})
