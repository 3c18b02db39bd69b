/** The shape of a fault: it begins, lasts, and is made good again; histories stay within what RFC 8156 promises to survive. */
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
  /** Seconds from the end of one to the beginning of the next, on average. */
  readonly pauseSeconds: number
  /** Shortest and longest. */
  readonly lastsSeconds: readonly [number, number]
  readonly atMostOnce?: boolean
  /** Undefined: not now. Otherwise how to make it good. */
  readonly begin: (scene: FaultScene) => (() => void) | undefined
}

export function defineFault(fault: Fault): Fault {
  return fault
}

/** Durable, so known even of a server that does not run. */
export function recordedState(server: ServerProcess): EndpointState | undefined {
  return server.store.endpoint('pair')?.state
}

/**
 * While a server is in PARTNER-DOWN, or has been and the other has not yet heard of it, the operator's duty is to keep
 * the other from serving alone (RFC 8156 section 8.4): nothing may then come between the two.
 */
export function isOneAlone(world: World): boolean {
  return world.servers.some((server) => recordedState(server) === 'PARTNER-DOWN')
}

export function pickServer({ world, random }: FaultScene): ServerProcess {
  return random.chance(0.5) ? world.primary : world.secondary
}
