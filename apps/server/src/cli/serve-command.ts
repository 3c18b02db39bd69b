/** `tandem serve`: one server in the foreground, started and stopped in the order that keeps its promises. */
import type { Duid } from '@tandem/protocol'
import { userInfo } from 'node:os'
import type { ServerConfiguration } from '../configuration/server-configuration.ts'
import { startDataPlane, type DataPlane, type DataPlaneOptions } from '../engine/start-data-plane.ts'
import { startApi } from '../http/start-api.ts'
import { createLog, type Log } from '../observability/log.ts'
import { BackupRefused } from '../storage/backup-refused.ts'
import { openConsoleDatabase } from '../storage/console-database.ts'
import { openStorage } from '../storage/open-storage.ts'
import { lockStorage } from '../storage/storage-lock.ts'
import { StorageUnusable } from '../storage/storage-unusable.ts'
import { insistOnConfiguration } from './check-command.ts'
import { giveWay } from '../engine/give-way.ts'
import { UserError } from './user-error.ts'
import { productVersion } from './version.ts'

export interface ServeOptions {
  readonly file: string
  readonly logFormat: string
  readonly stopWithInput: boolean
}

/** Resolves when the server has stopped in order. */
export async function serveCommand({ file, logFormat, stopWithInput }: ServeOptions): Promise<void> {
  const startedAtMs = Date.now()
  const configuration = insistOnConfiguration(file)
  const log = makeLog(logFormat, configuration.node.name)
  // Watched from here on: a stop that is asked for during the start is obeyed after it.
  const stopRequested = requestToStop(stopWithInput)
  const storageLock = await inSentences(() => lockStorage(configuration.node.storageUrl))
  const { serverDuid, configurationRevision } = await prepareStorage(configuration, startedAtMs, log)
  await storageLock.handOver()
  const dataPlane = await orSentence(startDataPlane(dataPlaneOptions(configuration, serverDuid, log)))
  giveWay()
  const consoleDatabase = await openConsoleDatabase(configuration.node.storageUrl)
  const serverFacts = { version: productVersion(), duid: serverDuid, configurationRevision, startedAtMs }
  const api = await startOrStop(dataPlane, () =>
    startApi({ configuration, engineService: dataPlane, consoleDatabase, serverFacts, log }),
  )
  process.stdout.write(`${readyLine(configuration, api.url)}\n`)
  const reason = await stopRequested
  log.write('info', 'SERVER_STOPPING', `${reason}: sending what is owed, then goodbye to the partner`)
  await dataPlane.stop()
  await api.close()
  await consoleDatabase.close()
  await storageLock.release()
  log.write('info', 'SERVER_STOPPED', 'all is stored; this process ends')
}

const LOG_LEVELS = { information: 'info', warning: 'warning', alarm: 'error' } as const

function dataPlaneOptions(configuration: ServerConfiguration, serverDuid: Duid, log: Log): DataPlaneOptions {
  return {
    configuration,
    serverDuid,
    log: (level, message) => log.write(LOG_LEVELS[level], 'DATA_PLANE', message),
    failed: (reason) => {
      // A server that cannot store or send must not look alive to its partner: it ends, and the partner takes over.
      log.write('error', 'DATA_PLANE_FAILED', reason)
      process.exit(1)
    },
  }
}

/** Without its API a server would serve clients that nobody can look after: it does not start at all. */
async function startOrStop<T>(dataPlane: DataPlane, start: () => Promise<T>): Promise<T> {
  try {
    return await orSentence(start())
  } catch (error) {
    await dataPlane.stop()
    throw error
  }
}

/** What the user can correct is one sentence. */
async function orSentence<T>(start: Promise<T>): Promise<T> {
  try {
    return await start
  } catch (error) {
    if (error instanceof Error && !(error instanceof TypeError)) throw new UserError(error.message)
    throw error
  }
}

/** Opened on this thread for the first steps only: from then on the storage worker has the connection that writes. */
async function prepareStorage(
  { node, source, warnings }: ServerConfiguration,
  nowMs: number,
  log: Log,
): Promise<{ readonly serverDuid: Duid; readonly configurationRevision: number }> {
  return inSentences(async () => {
    const storage = await openStorage(node.storageUrl, nowMs)
    await storage.mustBeNoBackup()
    await storage.catchUp()
    for (const warning of [...warnings, ...storage.warnings]) log.write('warning', 'START_WARNING', warning)
    for (const name of storage.migrationsApplied) log.write('info', 'STORAGE_MIGRATED', 'applied a migration', { name })
    const { text, sha256, file } = source
    const record = { text, sha256, who: userInfo().username, why: `start with ${file}`, atMs: nowMs }
    const configurationRevision = await storage.recordConfiguration(record)
    await storage.recordStart({ atMs: nowMs, version: productVersion() })
    await storage.close()
    log.write('info', 'CONFIGURATION_ACCEPTED', file, { revision: configurationRevision })
    return { serverDuid: storage.serverDuid, configurationRevision }
  })
}

async function inSentences<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof StorageUnusable || error instanceof BackupRefused) throw new UserError(error.message)
    throw error
  }
}

/** The one line that says: clients and operators are served from now on. */
export function readyLine({ node }: ServerConfiguration, apiUrl: string): string {
  return `ready ${JSON.stringify({
    name: node.name,
    pid: process.pid,
    clients: node.clientListeners.map(({ id }) => id),
    failover: node.partnerLinks.map(({ relationship, role, localAddress, localPort }) => ({
      relationship,
      role,
      local: `[${localAddress}]:${localPort}`,
    })),
    api: apiUrl,
  })}`
}

function makeLog(format: string, serverName: string): Log {
  if (format !== 'text' && format !== 'json') throw new UserError(`--log takes text or json, not "${format}".`)
  return createLog({
    form: format,
    serverName,
    clock: () => Date.now(),
    writeLine: (line) => process.stdout.write(`${line}\n`),
  })
}

function requestToStop(stopWithInput: boolean): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(signal))
    if (!stopWithInput) return
    process.stdin.resume()
    process.stdin.on('end', () => resolve('end of standard input'))
    process.stdin.on('error', () => resolve('end of standard input'))
  })
}
