/** For tests and benchmarks: a private PostgreSQL cluster in a temporary folder, on a socket there; never the system's own. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'

const READY_WITHIN_MS = 30_000
const PAUSE_MS = 50
/** The role of the servers under test: it owns its databases, and nothing else. */
const ROLE = 'tandem'

export interface PostgresqlCluster {
  /** The folder of its socket; it listens to nothing else. */
  readonly folder: string
  /** A URL as a configuration has it. Makes the database where it is not there yet. */
  databaseUrl(name: string): Promise<string>
  /** As the administrator of the cluster. */
  administer(sql: string, database?: string): Promise<void>
  /** `immediate`: as if it had crashed. */
  stop(how: 'fast' | 'immediate'): Promise<void>
  start(settings?: readonly string[]): Promise<void>
  /** A base backup as of now; answers the function that starts it in the place of the cluster, which has been stopped. */
  takeCopy(): Promise<() => Promise<void>>
  /** Follows from now on; answers the function that promotes it in the place of the cluster, which has been stopped. */
  startStandby(): Promise<() => Promise<void>>
  /** Stops it, and removes all of it. */
  remove(): Promise<void>
}

/** Undefined: there is no PostgreSQL on this machine. */
export function postgresqlPrograms(): string | undefined {
  const root = '/usr/lib/postgresql'
  const debian = existsSync(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...debian.map((version) => join(root, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

/** Below `parent` are the data; on a memory file system a flush costs nothing, and figures say nothing. */
export async function startPostgresqlCluster(parent: string = tmpdir()): Promise<PostgresqlCluster> {
  const programs = postgresqlPrograms()
  if (programs === undefined) throw new Error('there is no PostgreSQL on this machine')
  const folder = mkdtempSync(join(parent, 'tandem-postgresql-'))
  const user = ownUser()
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const options = { ...user, cwd: folder, stdio: 'pipe' } as const
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale', 'C'],
    options,
  )
  // The path of a socket is short by nature, and that of the data may be anything.
  const socket = mkdtempSync('/tmp/tpg-')
  if (user !== undefined) chownSync(socket, user.uid, user.gid)
  const process_ = new ClusterProcess({ program: join(programs, 'postgres'), data, socket, user })
  await process_.start()
  await run(socket, 'postgres', 'postgres', `CREATE ROLE ${ROLE} LOGIN`)
  return {
    folder: socket,
    databaseUrl: (name) => makeDatabase(socket, name),
    administer: (sql, database = 'postgres') => run(socket, 'postgres', database, sql),
    stop: (how) => process_.stop(how),
    start: (settings) => process_.start(settings),
    async takeCopy() {
      const copy = join(folder, 'copy')
      const source = ['-h', socket, '-U', 'postgres', '-X', 'stream', '-c', 'fast']
      execFileSync(join(programs, 'pg_basebackup'), [...source, '-D', copy], options)
      return () => process_.startCopy(copy)
    },
    async startStandby() {
      const place = join(folder, 'standby')
      const source = ['-h', socket, '-U', 'postgres', '-X', 'stream', '-c', 'fast', '-R']
      execFileSync(join(programs, 'pg_basebackup'), [...source, '-D', place], options)
      const ownSocket = mkdtempSync('/tmp/tpg-')
      if (user !== undefined) chownSync(ownSocket, user.uid, user.gid)
      const standby = new ClusterProcess({ program: join(programs, 'postgres'), data: place, socket: ownSocket, user })
      await standby.start()
      return async () => {
        await standby.stop('fast')
        rmSync(ownSocket, { recursive: true, force: true })
        await process_.startCopy(place)
        await run(socket, 'postgres', 'postgres', 'SELECT pg_promote()')
      }
    },
    async remove() {
      await process_.stop('immediate')
      rmSync(folder, { recursive: true, force: true })
      rmSync(socket, { recursive: true, force: true })
    },
  }
}

/** In the cluster with that socket. */
export async function makeDatabase(socket: string, name: string): Promise<string> {
  const known = await ask(socket, `SELECT 1 FROM pg_database WHERE datname = '${name}'`)
  if (known === 0) await run(socket, 'postgres', 'postgres', `CREATE DATABASE "${name}" OWNER ${ROLE}`)
  return `postgresql://${ROLE}@localhost/${name}?host=${encodeURIComponent(socket)}`
}

export function removeDatabase(socket: string, storageUrl: string): Promise<void> {
  const name = new URL(storageUrl).pathname.slice(1)
  return run(socket, 'postgres', 'postgres', `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
}

interface ClusterPlace {
  readonly program: string
  readonly data: string
  readonly socket: string
  readonly user: { readonly uid: number; readonly gid: number } | undefined
}

class ClusterProcess {
  #place: ClusterPlace
  #child: ChildProcess | undefined

  constructor(place: ClusterPlace) {
    this.#place = place
  }

  async start(settings: readonly string[] = []): Promise<void> {
    const { program, data, socket, user } = this.#place
    const words = ['listen_addresses=', 'shared_buffers=64MB', 'max_connections=60', ...settings]
    const args = ['-D', data, '-k', socket, ...words.flatMap((word) => ['-c', word])]
    const child = spawn(program, args, { ...user, cwd: socket, stdio: ['ignore', 'ignore', 'pipe'] })
    this.#child = child
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000)
    })
    const until = performance.now() + READY_WITHIN_MS
    while (true) {
      try {
        await ask(socket, 'SELECT 1')
        return
      } catch (error) {
        if (child.exitCode !== null || performance.now() > until) {
          throw new Error(`the cluster does not start: ${said}`, { cause: error })
        }
        await pause(PAUSE_MS)
      }
    }
  }

  /** Same socket, hence same URL. */
  startCopy(data: string): Promise<void> {
    this.#place = { ...this.#place, data }
    return this.start()
  }

  async stop(how: 'fast' | 'immediate'): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT')
    await ended
  }
}

/** PostgreSQL does not run as root; Debian's package has made a user for it. */
function ownUser(): ClusterPlace['user'] {
  if (process.getuid?.() !== 0) return undefined
  const number = (flag: string): number => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  const [uid, gid] = [number('-u'), number('-g')]
  if (!(uid > 0 && gid > 0)) throw new Error('there is no user postgres to run a cluster as')
  return { uid, gid }
}

async function ask(socket: string, sql: string): Promise<number> {
  const client = new Client({ host: socket, user: 'postgres', database: 'postgres' })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query(sql)).rowCount ?? 0
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function run(socket: string, user: string, database: string, sql: string): Promise<void> {
  const client = new Client({ host: socket, user, database })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
