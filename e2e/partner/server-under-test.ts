/** One real server whose partner is the Python one: its files, its start, and a scenario played against it (RFC 8156 §6). */
import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { createSocket } from 'node:dgram'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { LoopbackServer } from '../loopback-pair/loopback-server.ts'
import { configurationText, storageFile, type ServerPlace } from '../topology/pair-configuration.ts'
import { tandemProgram } from '../topology/tandem-server.ts'

const run = promisify(execFile)
const inFolder = {
  cwd: join(import.meta.dirname, '..'),
  env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
}

/** A scenario waits for itself; this is for one that hangs. */
const SCENARIO_LIMIT_MS = 120_000

export type Role = 'primary' | 'secondary'

export interface ScenarioView {
  readonly id: string
  readonly name: string
  /** The role of the server under test. */
  readonly against: Role
  readonly tls: boolean
  /** It needs a server of its own that has no past. */
  readonly fresh: boolean
}

export function listScenarios(): readonly ScenarioView[] {
  const text = execFileSync('python3', ['-m', 'partner', 'scenarios'], { ...inFolder, encoding: 'utf8' })
  return JSON.parse(text) as readonly ScenarioView[]
}

export interface ServerUnderTest {
  readonly server: LoopbackServer
  /** Rejects with what the partner saw and said. */
  play(scenario: string): Promise<void>
  end(): Promise<void>
  remove(): void
}

export async function startServerUnderTest(role: Role, tls: boolean): Promise<ServerUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), `tandem-partner-${role}-`))
  const name = role === 'primary' ? 'alpha' : 'beta'
  mkdirSync(join(folder, name), { recursive: true })
  if (tls) await makeCertificates(folder)
  const ports = await freePorts()
  const configurationFile = join(folder, `${name}.yaml`)
  writeFileSync(configurationFile, configurationText(name, configurationOf(folder, tls, ports)))
  const server = new LoopbackServer({
    name,
    configurationFile,
    storageFile: storageFile(folder, name),
    logFile: join(folder, `${name}.log`),
    clientPort: ports.client,
    apiPort: ports.api,
    failoverPort: ports.secondary,
  })
  await server.start()
  const token = await makeToken(configurationFile)
  const place = JSON.stringify({
    server_is_primary: role === 'primary',
    // The secondary listens, whether it is the server or the partner.
    failover_port: ports.secondary,
    client_port: ports.client,
    api_url: `http://127.0.0.1:${ports.api}`,
    token,
    log_file: server.place.logFile,
    server_pid: server.pid,
    certificates: tls ? join(folder, 'certificates') : null,
  })
  return {
    server,
    async play(scenario) {
      const args = ['-m', 'partner', 'play', scenario, '--place', place]
      await run('python3', args, { ...inFolder, timeout: SCENARIO_LIMIT_MS }).catch((error: unknown) => {
        const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
        throw new Error(`${said}\nlog of the server:\n${server.output().slice(-3000)}`)
      })
    },
    async end() {
      if (server.isRunning) await server.stop()
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function makeToken(configurationFile: string): Promise<string> {
  const args = ['token', 'create', '--config', configurationFile, '--role', 'administrator', '--name', 'partner']
  const { stdout } = await run(tandemProgram, args)
  return stdout.trim()
}

/** `good` is everybody's authority, with a certificate for a name that nobody accepts; `other` is a stranger's. */
async function makeCertificates(folder: string): Promise<void> {
  for (const [authority, names] of [
    ['good', 'alpha,beta,gamma'],
    ['other', 'alpha,beta'],
  ] as const) {
    await run(tandemProgram, ['certificates', '--folder', join(folder, 'certificates', authority), '--names', names])
  }
}

interface Ports {
  readonly client: number
  readonly api: number
  readonly primary: number
  readonly secondary: number
}

function configurationOf(
  folder: string,
  tls: boolean,
  { client, api, primary, secondary }: Ports,
): Parameters<typeof configurationText>[1] {
  const placeOf = (name: string, port: number): ServerPlace => {
    const file = (end: string): string => join(folder, 'certificates', 'good', end)
    return {
      listeners: [{ address: '::1', port: client, replyTo: 'source' }],
      apiListen: `127.0.0.1:${api}`,
      failover: `[::1]:${port}`,
      ...(tls
        ? { tls: { certificate: file(`${name}.pem`), key: file(`${name}.key`), authority: file('authority.pem') } }
        : {}),
    }
  }
  return {
    alpha: placeOf('alpha', primary),
    beta: placeOf('beta', secondary),
    transport: tls ? 'tls' : 'insecure',
    lifetimes: { valid: '60s', preferred: '60s', t1: 0.25, t2: 0.5 },
    relationship: {
      mclt: '20s',
      keepalive: '4s',
      startup: '2s',
      reconnect: '1s',
      reconnectAfterRefusal: '1s',
      maxUnackedUpdates: 5,
      acknowledgementStall: '6s',
      upddoneStall: '4s',
    },
    subnets: [
      {
        prefix: '2001:db8:1::/64',
        addressPools: ['2001:db8:1::1000-2001:db8:1::1:ffff'],
        prefixPools: [{ prefix: '2001:db8:8000::/48', delegatedLength: 56 }],
      },
      // Served by the server alone: none of the relationship's.
      { prefix: '2001:db8:3::/64', addressPools: ['2001:db8:3::1000-2001:db8:3::10ff'], inPair: false },
    ],
  }
}

/** Held open all at once, so that no port comes twice. */
async function freePorts(): Promise<Ports> {
  const held = await Promise.all([holdUdp(), holdTcp('127.0.0.1'), holdTcp('::1'), holdTcp('::1')])
  await Promise.all(held.map(({ release }) => release()))
  const [client, api, primary, secondary] = held.map(({ port }) => port)
  return { client: client ?? 0, api: api ?? 0, primary: primary ?? 0, secondary: secondary ?? 0 }
}

interface HeldPort {
  readonly port: number
  readonly release: () => Promise<void>
}

function holdTcp(host: string): Promise<HeldPort> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ host, port: 0 }, () => {
      const address = server.address()
      const port = address !== null && typeof address === 'object' ? address.port : 0
      resolve({ port, release: () => new Promise((done) => server.close(() => done())) })
    })
  })
}

function holdUdp(): Promise<HeldPort> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp6')
    socket.once('error', reject)
    socket.bind(0, '::1', () => {
      const { port } = socket.address()
      resolve({ port, release: () => new Promise((done) => socket.close(() => done())) })
    })
  })
}
