/** `tandem demo`: two servers as real processes, simulated clients, and a terminal that tells what happens. */
import { createInterface, type Interface } from 'node:readline'
import { UserError } from '../cli/user-error.ts'
import { ChildServer } from './child-server.ts'
import { DEMO_LINKS, demoPlan, type DemoPlan, type DemoServer } from './demo-configuration.ts'
import { DEMO_OPERATOR, prepareDemoFolder, type DemoFolder } from './demo-folder.ts'
import { ensureOperator, operatorIsThere } from './first-operator.ts'
import { insistOnFreePorts } from './free-ports.ts'
import { terminalLine } from './server-line.ts'
import { countsLine, startTraffic, type Traffic } from './traffic/traffic.ts'

export interface DemoOptions {
  readonly folder: string
  readonly fresh: boolean
  readonly portOffset: number
  readonly clients: number
}

const COUNTS_EVERY_MS = 15_000
/** One new client every 700 ms: some dozens arrive while one looks on. */
const ARRIVAL_MS = 700
const STAY_MS = 8 * 60_000
const AWAY_MS = 40_000
export async function demoCommand(options: DemoOptions): Promise<void> {
  const plan = demoPlan(options.portOffset)
  await insistOnFreePorts(plan)
  const folder = await prepareDemoFolder(options.folder, plan, options.fresh)
  say(`${folder.isNew ? 'Made' : 'Using'} ${folder.folder}`)
  await new Demo(plan, folder, options).run()
}

class Demo {
  readonly #plan: DemoPlan
  readonly #folder: DemoFolder
  readonly #options: DemoOptions
  readonly #servers: ReadonlyMap<string, ChildServer>
  #traffic: Traffic | undefined
  #terminal: Interface | undefined
  #isStopping = false

  constructor(plan: DemoPlan, folder: DemoFolder, options: DemoOptions) {
    this.#plan = plan
    this.#folder = folder
    this.#options = options
    this.#servers = new Map(['alpha', 'beta'].map((name) => [name, this.#makeServer(name)]))
  }

  async run(): Promise<void> {
    const stopped = stopSignal()
    try {
      const ended = await Promise.race([this.#start().then(() => 'started' as const), stopped])
      if (ended === 'started') await this.#watch(stopped)
    } finally {
      await this.#stop()
    }
  }

  async #start(): Promise<void> {
    // Together, so that neither waits in vain for the other while it starts up.
    await Promise.all([...this.#servers.values()].map((server) => startServer(server)))
    const { alpha, beta } = this.#plan
    const logFile = this.#folder.file('alpha.log')
    const operator = { name: DEMO_OPERATOR, password: this.#folder.password, logFile }
    await ensureOperator({ ...operator, apiUrl: consoleUrl(alpha.apiPort) })
    await operatorIsThere(consoleUrl(beta.apiPort))
    this.#traffic = await startTraffic({
      servers: [this.#plan.alpha, this.#plan.beta].map(({ clientPort }) => ({ address: '::1', port: clientPort })),
      links: DEMO_LINKS,
      clientCount: this.#options.clients,
      arrivalMs: ARRIVAL_MS,
      stayMs: STAY_MS,
      awayMs: AWAY_MS,
      statusFile: this.#folder.file('traffic.json'),
      random: Math.random,
    })
    this.#introduce()
  }

  async #watch(stopped: Promise<unknown>): Promise<void> {
    this.#listenToTerminal()
    const counts = setInterval(() => this.#tellCounts(), COUNTS_EVERY_MS)
    await stopped
    clearInterval(counts)
  }

  #introduce(): void {
    const { alpha, beta } = this.#plan
    const folder = this.#folder
    say('')
    say('  Console of alpha (primary):    ' + consoleUrl(alpha.apiPort))
    say('  Console of beta  (secondary):  ' + consoleUrl(beta.apiPort))
    say(`  User ${DEMO_OPERATOR}, password ${folder.password} (good on both)`)
    say(`  Folder ${folder.folder}: configuration, databases, logs, traffic.json`)
    say('')
    say(`  Try it: kill -9 ${this.#pidOf(alpha)}   (alpha; beta is process ${this.#pidOf(beta)})`)
    say('  beta answers new clients, and those of alpha rebind to it, with the same addresses and prefixes.')
    say(`  Start alpha again: ${this.#howToStart('alpha')}`)
    say('  Ctrl-C stops everything.')
    say('')
  }

  #howToStart(name: string): string {
    const command = `bin/tandem serve --config ${this.#folder.file(`${name}.yaml`)}`
    return process.stdin.isTTY ? `type "start ${name}" here, or in another terminal: ${command}` : command
  }

  #pidOf({ name }: DemoServer): string {
    return String(this.#servers.get(name)?.pid ?? 'none')
  }

  #tellCounts(): void {
    if (this.#traffic !== undefined) say(countsLine(this.#traffic.counts()))
  }

  /** Commands are taken from a terminal only: a pipe that ends must not look like a wish. */
  #listenToTerminal(): void {
    if (!process.stdin.isTTY) return
    this.#terminal = createInterface({ input: process.stdin })
    this.#terminal.on('line', (line) => void this.#obey(line.trim()))
    // In raw terminals the interface takes Ctrl-C itself.
    this.#terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  }

  async #obey(line: string): Promise<void> {
    if (line === '') return
    const [verb, name] = line.split(/\s+/u)
    const server = this.#servers.get(name ?? '')
    if (server === undefined || (verb !== 'start' && verb !== 'stop')) {
      say('Known here: start alpha, start beta, stop alpha, stop beta.')
      return
    }
    try {
      if (verb === 'stop') await server.stop()
      else if (server.isRunning) say(`${server.name} is running (process ${server.pid}).`)
      else await startServer(server)
      if (!server.isRunning) say(`${server.name} is stopped`)
    } catch (error) {
      say(error instanceof Error ? error.message : String(error))
    }
  }

  #makeServer(name: string): ChildServer {
    const files = { configuration: this.#folder.file(`${name}.yaml`), log: this.#folder.file(`${name}.log`) }
    return new ChildServer(name, files, {
      line: (_, line) => {
        // What two servers say of each other's end is no news to whoever ends them.
        const told = this.#isStopping ? undefined : terminalLine(name, line)
        if (told !== undefined) say(told)
      },
      died: (_, how) => {
        say(`${name} has ended (${how}); it is not started again by itself. ${this.#howToStart(name)}`)
      },
    })
  }

  async #stop(): Promise<void> {
    this.#terminal?.close()
    this.#isStopping = true
    say('Stopping ...')
    await this.#traffic?.stop()
    // The secondary first: the primary then serves alone for the last moment, as it would in a planned stop.
    for (const name of ['beta', 'alpha']) await this.#servers.get(name)?.stop()
    this.#tellCounts()
    say('Stopped; the data stays for the next start.')
  }
}

async function startServer(server: ChildServer): Promise<void> {
  say(`Starting ${server.name} ...`)
  await server.start()
  say(`${server.name} is ready (process ${server.pid})`)
}

function consoleUrl(port: number): string {
  return `http://127.0.0.1:${port}`
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function stopSignal(): Promise<'stopped'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('stopped'))
  })
}

export function parsePortOffset(text: string): number {
  const offset = Number(text)
  if (Number.isInteger(offset) && offset >= 0 && offset <= 50_000) return offset
  throw new UserError(`--port-offset takes a whole number from 0 to 50000, not "${text}".`)
}

export function parseClientCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 0 && count <= 200) return count
  throw new UserError(`--clients takes a whole number from 0 to 200, not "${text}".`)
}
