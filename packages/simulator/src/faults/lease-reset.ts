/** An operator brings declined addresses back, on whichever server it is (RFC 8156 section 7.2, decision 0073). */
import { leaseText, type Binding } from '@tandem/engine'
import { nameOf } from '../actors/client-message.ts'
import type { ServerProcess } from '../world/server-process.ts'
import { defineFault, nothingToRepair, pickServer, type FaultScene } from './fault.ts'

/** One in so many is reset at one go. */
const PARTS = [1, 0.3] as const
/** The same is done on the other server a while later, by somebody who does not know of the first. */
const TWICE = 0.4
const SECOND_AFTER_SECONDS = [1, 60] as const

export const leaseReset = defineFault({
  name: 'lease-reset',
  weight: 3,
  lastsSeconds: [0, 0],
  begin: (scene) => {
    const { random, world } = scene
    const server = pickServer(scene)
    if (!server.isRunning || server.isSuspended) return undefined
    const declined = quarantined(scene, server)
    if (declined.length === 0) return undefined
    const part = random.pick(PARTS) ?? 1
    for (const lease of declined) if (random.chance(part)) world.operator.resetLease(server, lease)
    if (random.chance(TWICE)) {
      const partner = world.partnerOf(server)
      const names = new Set(declined.map(leaseText))
      world.schedule.after(random.between(...SECOND_AFTER_SECONDS) * 1000, () => {
        if (!partner.isRunning || partner.isSuspended) return
        for (const lease of quarantined(scene, partner)) {
          if (names.has(leaseText(lease))) world.operator.resetLease(partner, lease)
        }
      })
    }
    return nothingToRepair
  },
})

/** Whoever resets a lease has made sure that nothing on the link uses it; in an operator-error history, has not. */
function quarantined({ world }: FaultScene, server: ServerProcess): readonly Binding[] {
  const used = new Set(world.clients.flatMap((client) => client.leases.map(nameOf)))
  return [...server.store.bindings()].filter(
    (lease) => lease.status === 'ABANDONED' && (world.history === 'operator-error' || !used.has(nameOf(lease))),
  )
}
