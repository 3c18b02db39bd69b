/** One kea-dhcp6 process: its configuration, its start, and its control socket. Two threads, leases in a file that it does not flush. */
import { existsSync, globSync, mkdirSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import type { Namespace } from '../../e2e/topology/namespaces.ts'
import { startProgram, type RunningProgram } from '../../e2e/topology/program.ts'
import { waitUntil } from '../../e2e/topology/wait-until.ts'
import { DELEGATED_LENGTH, INTERFACE, POOL, PREFIX_POOL, SUBNET } from './bench-link.ts'
import type { Served } from './contestant.ts'

const VALID_SECONDS = 4000
const ANSWER_LIMIT_MS = 5000

export interface KeaPlace {
  readonly namespace: Namespace
  readonly folder: string
  readonly serves: Served
  /** Parameters of the HA hook; absent: a server alone. */
  readonly highAvailability?: Readonly<Record<string, unknown>>
}

export interface KeaServer {
  readonly program: RunningProgram
  /** The `arguments` of the answer. */
  command(name: string): Promise<unknown>
}

/** Settles when it answers on its control socket: its leases are read by then. */
export async function startKea(place: KeaPlace, limitMs = 60_000): Promise<KeaServer> {
  const server = launchKea(place)
  const { program, controlSocket } = server
  await waitUntil('kea-dhcp6 answers on its control socket', limitMs, async () => {
    if (program.exit() !== undefined) throw new Error(program.output().slice(-2000))
    return existsSync(controlSocket) && (await server.command('status-get')) !== undefined
  })
  return server
}

/** Does not wait until it serves. */
export function launchKea(place: KeaPlace): KeaServer & { readonly controlSocket: string } {
  const { namespace, folder } = place
  mkdirSync(folder, { recursive: true })
  const controlSocket = join(folder, 'control.sock')
  const configurationFile = join(folder, 'kea-dhcp6.json')
  writeFileSync(configurationFile, JSON.stringify(configuration(place, controlSocket), undefined, 2))
  const program = startProgram({
    command: namespace.inside('kea-dhcp6', '-c', configurationFile),
    logFile: join(folder, 'kea-dhcp6.out.log'),
    environment: { KEA_LOCKFILE_DIR: folder, KEA_PIDFILE_DIR: folder },
  })
  return { program, controlSocket, command: (name) => ask(controlSocket, name) }
}

/** Leases that are there when the server starts are read from it. */
export function keaLeaseFile(folder: string): string {
  return join(folder, 'leases6.csv')
}

/** What the HA hook logs in this folder of a server. */
export function highAvailabilityLog(folder: string): string {
  return join(folder, 'ha.log')
}

function configuration({ folder, serves, highAvailability }: KeaPlace, controlSocket: string) {
  const leases = { type: 'memfile', persist: true, name: keaLeaseFile(folder), 'lfc-interval': 0 }
  const [poolPrefix, poolLength] = PREFIX_POOL.split('/')
  const prefixPool = { prefix: poolPrefix, 'prefix-len': Number(poolLength), 'delegated-len': DELEGATED_LENGTH }
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
      subnet6: [
        {
          id: 1,
          subnet: SUBNET,
          interface: INTERFACE,
          pools: [{ pool: POOL }],
          ...(serves.prefixes ? { 'pd-pools': [prefixPool] } : {}),
        },
      ],
      'hooks-libraries': hooks(highAvailability),
      'multi-threading': { 'enable-multi-threading': true, 'thread-pool-size': 2, 'packet-queue-size': 64 },
      loggers: [
        {
          name: 'kea-dhcp6',
          output_options: [{ output: join(folder, 'kea-dhcp6.log') }],
          severity: 'WARN',
          debuglevel: 0,
        },
        // Its changes of state, and what led to them.
        { name: 'kea-dhcp6.ha-hooks', output_options: [{ output: highAvailabilityLog(folder) }], severity: 'INFO' },
      ],
    },
  }
}

function hooks(highAvailability: KeaPlace['highAvailability']) {
  if (highAvailability === undefined) return []
  return [
    { library: hookLibrary('libdhcp_lease_cmds.so') },
    { library: hookLibrary('libdhcp_ha.so'), parameters: { 'high-availability': [highAvailability] } },
  ]
}

/** Debian puts them below the name of the processor. */
function hookLibrary(name: string): string {
  const [found] = globSync(`/usr/lib/{,*/}kea/hooks/${name}`)
  if (found === undefined) throw new Error(`Kea's hook ${name} is not installed (on Debian: kea-common).`)
  return found
}

/** One command on a connection of its own: Kea answers and closes it. */
function ask(controlSocket: string, command: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(controlSocket)
    let text = ''
    socket.setTimeout(ANSWER_LIMIT_MS, () => socket.destroy(new Error(`Kea does not answer ${command}`)))
    socket.once('error', reject)
    socket.on('data', (data) => {
      text += data.toString()
    })
    socket.once('end', () => {
      try {
        resolve(argumentsIn(JSON.parse(text)))
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)))
      }
    })
    socket.once('connect', () => socket.write(JSON.stringify({ command })))
  })
}

function argumentsIn(answer: unknown): unknown {
  // Some commands answer a list with one member for each service.
  const one: unknown = Array.isArray(answer) ? answer[0] : answer
  if (typeof one === 'object' && one !== null && 'arguments' in one) return one.arguments
  throw new Error(`no arguments in ${JSON.stringify(answer)}`)
}
