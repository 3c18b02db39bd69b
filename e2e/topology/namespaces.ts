/** Network namespaces of one run: made with names of their own, wired by veth pairs and bridges, removed as a whole. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'

const PREFIX = 'tandem-test'

let runs = 0

export interface Namespace {
  readonly name: string
  /** A command line that runs in this namespace. */
  inside(...command: readonly string[]): readonly string[]
  /** Runs it to its end and returns its output; throws when it fails. */
  run(...command: readonly string[]): string
}

/** A port of a switch. Cut, it lets nothing through, and neither end is told. */
export interface Plug {
  cut(): void
  mend(): void
  /** For a cut at a moment that counts: on a busy machine the start of a program takes most of a second. */
  prepareCut(): Promise<PreparedCut>
}

export interface PreparedCut {
  /** Settles when nothing gets through any more. */
  now(): Promise<void>
}

export interface Namespaces {
  add(role: string): Namespace
  /** A namespace that only joins links: every cable plugged into it reaches every other. */
  addSwitch(role: string): Namespace
  /** Between interface `name` of the namespace and the switch. */
  plug(namespace: Namespace, name: string, into: Namespace): Plug
  cable(first: Namespace, firstName: string, second: Namespace, secondName: string): void
  addAddress(namespace: Namespace, interfaceName: string, address: string): void
  remove(): void
}

export function makeNamespaces(): Namespaces {
  removeAbandoned()
  runs += 1
  const prefix = `${PREFIX}-${process.pid}-${runs}`
  const made: Namespace[] = []
  let ports = 0
  const add = (role: string): Namespace => {
    const namespace = describeNamespace(`${prefix}-${role}`)
    ip('netns', 'add', namespace.name)
    made.push(namespace)
    // Duplicate address detection would keep every address unusable for its first second.
    set(namespace, 'accept_dad', 0)
    set(namespace, 'dad_transmits', 0)
    ip('-n', namespace.name, 'link', 'set', 'lo', 'up')
    return namespace
  }
  const cable = (first: Namespace, firstName: string, second: Namespace, secondName: string): void => {
    const peer = ['peer', 'name', secondName, 'netns', second.name]
    ip('link', 'add', firstName, 'netns', first.name, 'type', 'veth', ...peer)
    ip('-n', first.name, 'link', 'set', 'dev', firstName, 'up')
    ip('-n', second.name, 'link', 'set', 'dev', secondName, 'up')
  }
  return {
    add,
    cable,
    addSwitch(role) {
      const namespace = add(role)
      set(namespace, 'disable_ipv6', 1)
      ip('-n', namespace.name, 'link', 'add', 'br0', 'type', 'bridge', 'mcast_snooping', '0', 'forward_delay', '0')
      ip('-n', namespace.name, 'link', 'set', 'br0', 'up')
      return namespace
    },
    plug(namespace, name, into) {
      ports += 1
      const port = `port${ports}`
      cable(namespace, name, into, port)
      ip('-n', into.name, 'link', 'set', 'dev', port, 'master', 'br0')
      // Out of the bridge, and not down: the other end keeps its carrier.
      const cut = ['link', 'set', 'dev', port, 'nomaster']
      return {
        cut: () => void ip('-n', into.name, ...cut),
        prepareCut: () => prepareIp(into, cut),
        mend: () => void ip('-n', into.name, 'link', 'set', 'dev', port, 'master', 'br0'),
      }
    },
    addAddress(namespace, interfaceName, address) {
      ip('-n', namespace.name, '-6', 'address', 'add', address, 'dev', interfaceName, 'nodad')
    },
    remove() {
      for (const { name } of made.splice(0)) removeNamespace(name)
    },
  }
}

function describeNamespace(name: string): Namespace {
  const inside = (...command: readonly string[]) => ['ip', 'netns', 'exec', name, ...command]
  return {
    name,
    inside,
    run: (...command) => execFileSync('ip', ['netns', 'exec', name, ...command], { encoding: 'utf8' }),
  }
}

/** A setting of every interface that is made in the namespace from now on. */
function set(namespace: Namespace, name: string, value: number): void {
  namespace.run('sh', '-c', `echo ${value} > /proc/sys/net/ipv6/conf/default/${name}`)
}

/** What a run left behind that was killed itself: its name tells the process that made it. */
function removeAbandoned(): void {
  const names = ip('netns', 'list').split('\n')
  for (const line of names) {
    const match = /^(?<name>tandem-test-(?<pid>\d+)-\S+)/.exec(line)
    const { name, pid } = match?.groups ?? {}
    if (name !== undefined && !isAlive(Number(pid))) removeNamespace(name)
  }
}

function removeNamespace(name: string): void {
  const inside = spawnSync('ip', ['netns', 'pids', name], { encoding: 'utf8' }).stdout
  for (const pid of inside.split('\n').filter((text) => text !== '')) {
    killIfAlive(Number(pid))
  }
  spawnSync('ip', ['netns', 'delete', name])
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself in the meantime.
  }
}

/** The program runs already and only waits for its command. It ends with its input, or with the namespace. */
async function prepareIp({ name }: Namespace, command: readonly string[]): Promise<PreparedCut> {
  const child = spawn('ip', ['-n', name, '-batch', '-'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  // What it is asked does not matter, but that it answers.
  const answered = new Promise((resolve) => child.stdout.once('data', resolve))
  child.stdin.write('link show dev lo\n')
  await Promise.race([answered, ended])
  return {
    async now() {
      child.stdin.end(`${command.join(' ')}\n`)
      if ((await ended) !== 0) throw new Error(`ip ${command.join(' ')} has failed`)
    },
  }
}

function ip(...args: readonly string[]): string {
  return execFileSync('ip', [...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
