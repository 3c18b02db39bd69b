/** One kea-dhcp6 with memfile: two threads, leases in a file that it does not flush to the disk before it answers. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { startProgram } from '../../e2e/topology/program.ts'
import { waitUntil } from '../../e2e/topology/wait-until.ts'
import { INTERFACE, POOL, SUBNET } from './bench-link.ts'
import type { Contestant } from './contestant.ts'

const VALID_SECONDS = 4000

export const keaAlone: Contestant = {
  name: 'kea-dhcp6 alone, memfile',
  async start(link, folder) {
    mkdirSync(folder, { recursive: true })
    const controlSocket = join(folder, 'control.sock')
    const configurationFile = join(folder, 'kea-dhcp6.json')
    writeFileSync(configurationFile, JSON.stringify(configuration(folder, controlSocket), undefined, 2))
    const program = startProgram({
      command: link.one.inside('kea-dhcp6', '-c', configurationFile),
      logFile: join(folder, 'kea-dhcp6.out.log'),
      environment: { KEA_LOCKFILE_DIR: folder, KEA_PIDFILE_DIR: folder },
    })
    await waitUntil('kea-dhcp6 answers on its control socket', 60_000, () => {
      if (program.exit() !== undefined) throw new Error(program.output().slice(-2000))
      return answers(controlSocket)
    })
    return {
      processes: [{ name: 'kea-dhcp6', program }],
      // All that an answer asks for is done before it is sent.
      settle: () => Promise.resolve(0),
      stop: async () => void (await program.stop()),
    }
  },
}

function configuration(folder: string, controlSocket: string) {
  const leases = { type: 'memfile', persist: true, name: join(folder, 'leases6.csv'), 'lfc-interval': 0 }
  return {
    Dhcp6: {
      'interfaces-config': { interfaces: [INTERFACE] },
      'data-directory': folder,
      'lease-database': leases,
      'valid-lifetime': VALID_SECONDS,
      'preferred-lifetime': VALID_SECONDS * 0.8,
      'renew-timer': VALID_SECONDS / 2,
      'rebind-timer': VALID_SECONDS * 0.8,
      'control-socket': { 'socket-type': 'unix', 'socket-name': controlSocket },
      subnet6: [{ id: 1, subnet: SUBNET, interface: INTERFACE, pools: [{ pool: POOL }] }],
      'multi-threading': { 'enable-multi-threading': true, 'thread-pool-size': 2, 'packet-queue-size': 64 },
      loggers: [
        {
          name: 'kea-dhcp6',
          output_options: [{ output: join(folder, 'kea-dhcp6.log') }],
          severity: 'WARN',
          debuglevel: 0,
        },
      ],
    },
  }
}

function answers(controlSocket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(controlSocket)
    socket.once('error', () => resolve(false))
    socket.once('data', () => {
      resolve(true)
      socket.destroy()
    })
    socket.once('connect', () => socket.write(JSON.stringify({ command: 'status-get' })))
  })
}
