/** The clients of one repeat as a process in their namespace, and what they have told so far. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { waitUntil } from '../../e2e/topology/wait-until.ts'
import { INTERFACE, type BenchLink } from '../leases-per-second/bench-link.ts'
import { readClientEvent } from './client-event.ts'
import { ClientRecords } from './client-records.ts'

const START_LIMIT_MS = 30_000
const HOLD_LIMIT_MS = 180_000
/** Added for each lease: few pairs are so slow. */
const HOLD_LIMIT_MS_EACH = 10

export interface RunningClients {
  readonly records: ClientRecords
  /** Settles when so many clients hold a lease. */
  hold(count: number): Promise<void>
  /** From now on clients start at these rates. */
  begin(newPerSecond: number, rebindingPerSecond: number): void
  /** None starts any more. */
  drain(): void
  end(): void
}

export async function startClients({ load }: BenchLink): Promise<RunningClients> {
  const script = join(import.meta.dirname, 'clients-program.ts')
  const [program = '', ...args] = load.inside(process.execPath, ...process.execArgv, script, INTERFACE)
  // A run that is killed takes it along.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const records = new ClientRecords()
  const told = new Set<string>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{')) records.note(readClientEvent(line))
    else told.add(line)
  })
  const untilTold = async (line: string, limitMs: number): Promise<void> => {
    await waitUntil(`the clients say "${line}"`, limitMs, () => {
      if (child.exitCode !== null) throw new Error('they have ended')
      return told.has(line)
    })
  }
  const order = (line: string): void => void child.stdin.write(`${line}\n`)
  await untilTold('ready', START_LIMIT_MS)
  return {
    records,
    hold: async (count) => {
      order(`hold ${count}`)
      await untilTold(`holding ${count}`, HOLD_LIMIT_MS + count * HOLD_LIMIT_MS_EACH)
    },
    begin: (newPerSecond, rebindingPerSecond) => order(`begin ${newPerSecond} ${rebindingPerSecond}`),
    drain: () => order('drain'),
    end: () => void child.kill('SIGKILL'),
  }
}
