/** What is started with a full store: one server of each kind, and nothing around it. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startProgram, type RunningProgram } from '../../e2e/topology/program.ts'
import { tandemProgram } from '../../e2e/topology/tandem-server.ts'
import { writeKeaLeaseFile } from '../filled-stores/kea-lease-file.ts'
import { writeFilledStore } from '../filled-stores/tandem-store.ts'
import type { BenchLink } from '../leases-per-second/bench-link.ts'
import { keaLeaseFile, launchKea } from '../leases-per-second/kea-server.ts'
import { aloneConfiguration } from '../leases-per-second/tandem-alone.ts'

export interface StartContestant {
  readonly key: string
  readonly name: string
  /** Writes a store with so many leases, once. */
  fill(file: string, leases: number, nowMs: number): void
  /** Starts a server in the folder on a copy of that store; does not wait until it serves. */
  launch(link: BenchLink, folder: string, filled: string): RunningProgram
}

export const startContestants: readonly StartContestant[] = [
  {
    key: 'tandem',
    name: 'Tandem alone',
    fill: (file, leases, stoppedAtMs) => writeFilledStore({ file, leases, role: undefined, stoppedAtMs }),
    launch(link, folder, filled) {
      mkdirSync(join(folder, 'alpha'), { recursive: true })
      copyFileSync(filled, join(folder, 'alpha', 'tandem.db'))
      const configurationFile = join(folder, 'alpha.yaml')
      writeFileSync(configurationFile, aloneConfiguration({ prefixes: false }))
      const command = link.one.inside(tandemProgram, 'serve', '--config', configurationFile)
      return startProgram({ command, logFile: join(folder, 'alpha.log') })
    },
  },
  {
    key: 'kea',
    name: 'kea-dhcp6, memfile',
    fill: (file, leases, writtenAtMs) => writeKeaLeaseFile({ file, leases, writtenAtMs }),
    launch(link, folder, filled) {
      mkdirSync(folder, { recursive: true })
      copyFileSync(filled, keaLeaseFile(folder))
      return launchKea({ namespace: link.one, folder, serves: { prefixes: false } }).program
    },
  },
]
