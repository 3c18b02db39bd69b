/** The two ways in which the server that answers goes away. */
import type { RunningProgram } from '../../e2e/topology/program.ts'
import type { BenchLink } from '../leases-per-second/bench-link.ts'

export interface FailureKind {
  /** As `--failures` takes it. */
  readonly key: string
  readonly title: string
  /** Returns when it has happened. */
  strike(active: RunningProgram, link: BenchLink): void
}

export const failureKinds: readonly FailureKind[] = [
  {
    key: 'sigkill',
    title: 'SIGKILL of the active server',
    // Its kernel lives on and closes its connections.
    strike: (active) => active.kill('SIGKILL'),
  },
  {
    key: 'host',
    title: "loss of the active server's host",
    // Nothing comes from it any more, no FIN and no RST, and nobody is told.
    strike: (_active, link) => link.plugOfOne.cut(),
  },
]
