/** One server runs for a while with another configuration than its partner: MCLT, lifetimes, pool, reservations or transport. */
import { pairConfiguration } from '../world/pair-configuration.ts'
import { defineFault, isOneAlone, mayStop, pickServer } from './fault.ts'

/** Whoever has put the file right waits for a server that is suspended, or that must not stop now. */
const LOOKED_AGAIN_AFTER_MS = 10_000

export const configurationDrift = defineFault({
  name: 'configuration-drift',
  weight: 0.7,
  lastsSeconds: [10, 3_600],
  begin: (scene) => {
    const { world, random } = scene
    const server = pickServer(scene)
    if (!mayStop(scene, server) || isOneAlone(world)) return undefined
    const { settings } = world
    const role = server === world.primary ? 'primary' : 'secondary'
    // Not what it has now: an earlier drift may still last.
    const right = pairConfiguration(role, settings)
    const drifted =
      random.pick([
        { mcltSeconds: Math.max(30, Math.round(settings.mcltSeconds * (random.pick([0.5, 2]) ?? 2))) },
        { validSeconds: settings.validSeconds * 2, preferredSeconds: settings.preferredSeconds },
        // A pool that both announce as shared is one of which they have agreed (decision 0078).
        settings.areAddressesShared
          ? {}
          : { addresses: Math.max(2, Math.round(settings.addresses * (random.pick([0.5, 1.5]) ?? 0.5))) },
        { isTls: !settings.isTls },
        // Cancelled here, and still kept there (decision 0075).
        { reservedClients: 0 },
      ]) ?? {}
    const restartWith = (configuration: typeof right): void => {
      server.crash()
      server.nextConfiguration = configuration
      server.start()
    }
    restartWith(pairConfiguration(role, { ...settings, ...drifted }))
    /** It takes effect at the next start, whoever makes that; a later drift of the same server ends by itself. */
    const restartOnceItMay = (): void => {
      if (server.nextConfiguration !== right || server.configuration === right) return
      if (mayStop(scene, server)) restartWith(right)
      else if (server.isRunning) world.schedule.after(LOOKED_AGAIN_AFTER_MS, restartOnceItMay)
    }
    return () => {
      server.nextConfiguration = right
      restartOnceItMay()
    }
  },
})
