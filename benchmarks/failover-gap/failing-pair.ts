/** A pair of servers of which one is made to fail. */
import type { RunningProgram } from '../../e2e/topology/program.ts'
import type { BenchLink } from '../leases-per-second/bench-link.ts'

export interface FailingPair {
  /** As `--contestants` takes it. */
  readonly key: string
  readonly name: string
  /** As long as that a gap may be, for leases to be there for clients that rebind meanwhile. */
  readonly gapMaxSeconds: number
  /** Of the signs of life that the partners give each other: the failure falls anywhere into it. */
  readonly periodSeconds: number
  /** As the JSON is to show them. */
  readonly settings: Readonly<Record<string, unknown>>
  start(link: BenchLink, folder: string): Promise<RunningPair>
}

export interface RunningPair {
  /** The server that answers, on the host `one`. */
  readonly active: RunningProgram
  /** Until the partner knows of every lease. */
  settle(): Promise<void>
  /** Milliseconds of the epoch: the first change of state of the survivor after that time. Undefined: none so far. */
  tookOverAtMs(afterMs: number): Promise<number | undefined>
  stop(): Promise<void>
}
