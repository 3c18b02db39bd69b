/** The two ways in which the server that answers goes away. */
import type { RunningProgram } from '../../e2e/topology/program.ts'
import type { BenchLink } from '../leases-per-second/bench-link.ts'

export interface FailureKind {
  /** As `--failures` takes it. */
  readonly key: string
  readonly title: string
  prepare(active: RunningProgram, link: BenchLink): Promise<PreparedFailure>
}

/** Settles when it has happened. */
export type PreparedFailure = () => Promise<void>

export const failureKinds: readonly FailureKind[] = [
  {
    key: 'sigkill',
    title: 'SIGKILL of the active server',
    // Its kernel lives on and closes its connections.
    prepare: (active) =>
      Promise.resolve(() => {
        active.kill('SIGKILL')
        return Promise.resolve()
      }),
  },
  {
    key: 'host',
    title: "loss of the active server's host",
    // Nothing comes from it any more, no FIN and no RST, and nobody is told.
    prepare: async (_active, link) => {
      const cut = await link.plugOfOne.prepareCut()
      return () => cut.now()
    },
  },
]
