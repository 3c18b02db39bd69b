/** An operator brings declined addresses back, or ends leases of clients that are gone, on whichever server it is (RFC 8156 section 7.2, decisions 0073 and 0115). */
import { leaseText, type Binding } from '@tandem/engine'
import { nameOf } from '../actors/client-message.ts'
import type { ServerProcess } from '../world/server-process.ts'
import type { World } from '../world/world.ts'
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
    const act = actIn(scene, server)
    if (act === undefined) return undefined
    const part = random.pick(PARTS) ?? 1
    const leases = act.leases(scene, server)
    for (const lease of leases) if (random.chance(part)) act.command(world, server, lease)
    if (random.chance(TWICE)) {
      const partner = world.partnerOf(server)
      const names = new Set(leases.map(leaseText))
      world.schedule.after(random.between(...SECOND_AFTER_SECONDS) * 1000, () => {
        if (!partner.isRunning || partner.isSuspended) return
        for (const lease of act.leases(scene, partner)) {
          if (names.has(leaseText(lease))) act.command(world, partner, lease)
        }
      })
    }
    return nothingToRepair
  },
})

interface LeaseAct {
  readonly leases: (scene: FaultScene, server: ServerProcess) => readonly Binding[]
  readonly command: (world: World, server: ServerProcess, lease: Binding) => string
}

const acts: readonly LeaseAct[] = [
  { leases: quarantined, command: ({ operator }, server, lease) => operator.resetLease(server, lease) },
  { leases: deserted, command: ({ operator }, server, lease) => operator.releaseLease(server, lease) },
]

/** Declined addresses are rarer, and come first. */
function actIn(scene: FaultScene, server: ServerProcess): LeaseAct | undefined {
  return acts.find(({ leases }) => leases(scene, server).length > 0)
}

/** Whoever releases a lease knows that its client is gone: what follows from an error is what two clients of a double lease see. */
function deserted({ world }: FaultScene, server: ServerProcess): readonly Binding[] {
  const present = new Set(world.clients.filter(({ isPresent }) => isPresent).map(({ duid }) => duid))
  return [...server.store.bindings()].filter(
    ({ status, client }) => status === 'ACTIVE' && client !== undefined && !present.has(client.duid),
  )
}

/** Whoever resets a lease has made sure that nothing on the link uses it; in an operator-error history, has not. */
function quarantined({ world }: FaultScene, server: ServerProcess): readonly Binding[] {
  const used = new Set(world.clients.flatMap((client) => client.leases.map(nameOf)))
  return [...server.store.bindings()].filter(
    (lease) => lease.status === 'ABANDONED' && (world.history === 'operator-error' || !used.has(nameOf(lease))),
  )
}
