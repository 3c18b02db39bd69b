/** The shape of a fault: it begins, lasts, and is made good again; in a declared-safe history it keeps within what RFC 8156 promises to survive. */
import type { EndpointState } from '@tandem/engine'
import type { Random } from '../world/random.ts'
import type { ServerProcess } from '../world/server-process.ts'
import type { World } from '../world/world.ts'

export interface FaultScene {
  readonly world: World
  readonly random: Random
  readonly note: (line: string) => void
}

export interface Fault {
  readonly name: string
  /** How often it begins, beside the others; 0: never by itself. */
  readonly weight: number
  /** Shortest and longest. */
  readonly lastsSeconds: readonly [number, number]
  /** Something that the RFC relies on people not to do (decision 0031): only in operator-error histories. */
  readonly isOperatorError?: boolean
  /** What it does to a server it does when it is over; that is when it counts. */
  readonly strikesAtEnd?: boolean
  /** Undefined: not now. Otherwise how to make it good; of one that strikes at its end, false: it could not. */
  readonly begin: (scene: FaultScene) => (() => boolean | void) | undefined
}

export function defineFault(fault: Fault): Fault {
  return fault
}

/** Durable, so known even of a server that does not run. */
export function recordedState(server: ServerProcess): EndpointState | undefined {
  return server.store.endpoint('pair')?.state
}

/** A server that begins to recover serves nobody until it has met its partner, whatever happens to it. */
const recovering: ReadonlySet<EndpointState | undefined> = new Set(['RECOVER', 'RECOVER-WAIT', 'RECOVER-DONE'])

/**
 * While a server is in PARTNER-DOWN, or has been and the other has not yet heard of it, the operator's duty is to keep
 * the other from serving alone (RFC 8156 section 8.4): nothing may then come between the two. In an operator-error
 * history nobody minds that duty.
 */
export function isOneAlone(world: World): boolean {
  if (world.history === 'operator-error') return false
  return world.servers.some(
    (server) => recordedState(server) === 'PARTNER-DOWN' && !recovering.has(recordedState(world.partnerOf(server))),
  )
}

/** The one that went on alone must stay, or a partner that comes back would not hear of it. */
export function mayStop({ world }: FaultScene, server: ServerProcess): boolean {
  if (!server.isRunning || server.isSuspended) return false
  if (!isOneAlone(world)) return true
  return recordedState(server) !== 'PARTNER-DOWN' && world.partnerOf(server).isRunning
}

/** The other one must have all that is lost: its own store, and no wait for what was missing from it. */
export function mayLoseStorage(scene: FaultScene, server: ServerProcess): boolean {
  if (!mayStop(scene, server) || isOneAlone(scene.world)) return false
  const partner = scene.world.partnerOf(server).store.endpoint('pair')
  // Nor has one that was declared to serve alone when its own store was lost, and has not met its partner since.
  if (partner === undefined || partner.fullResyncOwed || !partner.communicated) return false
  if (partner.state === 'RECOVER' || partner.state === 'RECOVER-WAIT') return false
  if (scene.world.history === 'operator-error') return true
  // What both granted in a conflict, and what either grants to a partner that has just recovered, is nowhere else yet.
  return (
    partner.state === 'NORMAL' || partner.state === 'COMMUNICATIONS-INTERRUPTED' || partner.state === 'PARTNER-DOWN'
  )
}

export function pickServer({ world, random }: FaultScene): ServerProcess {
  return random.chance(0.5) ? world.primary : world.secondary
}

export function nothingToRepair(): void {
  // It is over as soon as it has happened.
}
