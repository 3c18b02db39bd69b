/** What the benchmark compares: a way to serve, started anew for each repeat. */
import type { RunningProgram } from '../../e2e/topology/program.ts'
import type { BenchLink } from './bench-link.ts'

export interface Contestant {
  readonly name: string
  start(link: BenchLink, folder: string): Promise<Serving>
}

export interface Serving {
  /** In the order in which their costs are reported. */
  readonly processes: readonly { readonly name: string; readonly program: RunningProgram }[]
  /** After the load of a step: waits for work that the answers left behind and says how long it took; throws if the servers are not what they should be. */
  settle(): Promise<number>
  stop(): Promise<void>
}
