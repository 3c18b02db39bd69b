/** A pair of which one server lives with all leases and the other comes back without any. */
import type { RunningProgram } from '../../e2e/topology/program.ts'
import type { BenchLink } from '../leases-per-second/bench-link.ts'

export interface ResyncContestant {
  readonly key: string
  readonly name: string
  /** Settles when the survivor serves clients without its partner. */
  startSurvivor(link: BenchLink, folder: string, leases: number): Promise<Survivor>
}

export interface Survivor {
  readonly program: RunningProgram
  /** Starts the other one, with an empty store. */
  returnPartner(): Returned
  stop(): Promise<void>
}

export interface Returned {
  readonly program: RunningProgram
  /** Undefined while it is not over; throws when it has failed. */
  synchronised(): Synchronised | undefined
  /** In its store, after the end. */
  countLeases(): Promise<number>
}

/** By the clock of the machine, as the server that came back has logged it. */
export interface Synchronised {
  /** When it asked for all leases. */
  readonly askedAtMs: number
  /** When it had them all. */
  readonly endedAtMs: number
}
