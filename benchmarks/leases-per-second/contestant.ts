/** What the benchmark compares: a way to serve, started anew for each repeat. */
import type { RunningProgram } from '../../e2e/topology/program.ts'
import type { BenchLink } from './bench-link.ts'

export interface Contestant {
  /** As `--contestants` takes it. */
  readonly key: string
  readonly name: string
  start(link: BenchLink, folder: string, serves: Served): Promise<Serving>
}

/** Addresses are served always. */
export interface Served {
  readonly prefixes: boolean
}

export interface Serving {
  /** In the order in which their costs are reported. */
  readonly processes: readonly { readonly name: string; readonly program: RunningProgram }[]
  /**
   * After the load of a step: waits for work that the answers left behind and says how long it took, in seconds; throws
   * if the servers are not what they should be.
   */
  settle(): Promise<number>
  stop(): Promise<void>
}
