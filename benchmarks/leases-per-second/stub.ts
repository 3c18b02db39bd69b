/** A server that answers without state: what one Node process can do at all with these datagrams. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startProgram } from '../../e2e/topology/program.ts'
import { waitUntil } from '../../e2e/topology/wait-until.ts'
import { INTERFACE } from './bench-link.ts'
import type { Contestant } from './contestant.ts'

export const stub: Contestant = {
  key: 'stub',
  name: 'limit: Node without state',
  async start(link, folder) {
    mkdirSync(folder, { recursive: true })
    const script = join(import.meta.dirname, './stub-server.ts')
    const command = link.one.inside(process.execPath, script, INTERFACE)
    const program = startProgram({ command, logFile: join(folder, 'stub.log') })
    await waitUntil('the stub listens', 10_000, () => {
      if (program.exit() !== undefined) throw new Error(program.output().slice(-2000))
      return program.output().includes('ready')
    })
    return {
      processes: [{ name: 'stub', program }],
      settle: () => Promise.resolve(0),
      stop: async () => void (await program.stop()),
    }
  },
}
