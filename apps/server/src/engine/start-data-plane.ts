/** The main thread's side of the data plane: starts its two threads, sends commands, keeps the latest view. */
import { totalmem } from 'node:os'
import { MessageChannel, Worker } from 'node:worker_threads'
import type { Command, CommandResult } from '@tandem/engine'
import type { Duid } from '@tandem/protocol'
import type { ServerConfiguration } from '../configuration/server-configuration.ts'
import { SharedProgress } from '../storage/commit-log/shared-progress.ts'
import type { StorageWorkerData } from '../storage/storage-worker.ts'
import type { DataPlaneStart, FromDataPlane, LogLevel, ToDataPlane } from './data-plane-messages.ts'
import { EngineSilent } from './engine-service.ts'
import { heapLimitMegabytes } from './heap-limit.ts'
import type { EngineService, PublishedNotice, PublishedView } from './engine-service.ts'

/** From source under type stripping, or compiled. */
const IS_SOURCE = import.meta.url.endsWith('.ts')
const NODE_OPTIONS = IS_SOURCE ? { execArgv: ['--conditions=source'] } : {}
const DATA_PLANE = new URL(IS_SOURCE ? './data-plane.ts' : './data-plane.js', import.meta.url)
const STORAGE_WORKER = new URL(
  IS_SOURCE ? '../storage/storage-worker.ts' : '../storage/storage-worker.js',
  import.meta.url,
)

/** What is owed to the partner, its acknowledgements, and closing: then the process ends anyway. */
const SHUT_DOWN_WITHIN_MS = 8000

export interface DataPlaneOptions {
  readonly configuration: ServerConfiguration
  /** From `openStorage`, which has to come first: it makes and migrates the database. */
  readonly serverDuid: Duid
  log(level: LogLevel, message: string): void
  /** The data plane cannot go on after it was ready: the process must end with this reason. */
  failed(reason: string): void
}

export interface DataPlane extends EngineService {
  /** For the ready line, for example `udp [::1]:10547`. */
  readonly listeners: readonly string[]
  /** Sends what is owed, then DISCONNECT; closes sockets and storage. Rejects when that takes too long. */
  stop(): Promise<void>
}

/** Settles when clients are served; rejects with the sentence for the operator when that cannot be. */
export function startDataPlane(options: DataPlaneOptions): Promise<DataPlane> {
  return new Promise((resolve, reject) => {
    const service = new DataPlaneService(options, {
      ready: () => resolve(service),
      failed: (reason) => reject(new Error(reason)),
    })
  })
}

interface WaitingCommand {
  resolve(result: CommandResult): void
  reject(error: Error): void
}

interface StartListener {
  ready(): void
  failed(reason: string): void
}

class DataPlaneService implements DataPlane {
  readonly #options: DataPlaneOptions
  readonly #start: StartListener
  readonly #dataPlane: Worker
  readonly #storage: Worker
  /** With PostgreSQL it stands still, since lists are up to date there. */
  readonly #progress = new SharedProgress()
  /** By command id, in the order in which they were sent: the engine answers in that order. */
  readonly #commands = new Map<string, readonly WaitingCommand[]>()
  readonly #viewListeners = new Set<(view: PublishedView) => void>()
  readonly #noticeListeners = new Set<(notices: readonly PublishedNotice[]) => void>()
  #view: PublishedView | undefined
  #listeners: readonly string[] = []
  #isSilent = false
  #phase: 'starting' | 'serving' | 'stopping' | 'ended' = 'starting'
  #stopped: { resolve(): void; reject(error: Error): void } | undefined

  constructor(options: DataPlaneOptions, start: StartListener) {
    this.#options = options
    this.#start = start
    const { node, engine } = options.configuration
    const { port1, port2 } = new MessageChannel()
    const storageData: StorageWorkerData = {
      storage: true,
      storageUrl: node.storageUrl,
      port: port1,
      retention: { ...node.history, poolCount: poolCountOf(engine.subnets) },
      progress: this.#progress.memory,
    }
    this.#storage = new Worker(STORAGE_WORKER, { ...NODE_OPTIONS, workerData: storageData, transferList: [port1] })
    const dataPlaneData: DataPlaneStart = {
      dataPlane: true,
      storageUrl: node.storageUrl,
      storagePort: port2,
      engine: { ...engine, serverDuid: options.serverDuid },
      clientListeners: node.clientListeners,
      partnerLinks: node.partnerLinks,
    }
    this.#dataPlane = new Worker(DATA_PLANE, {
      ...NODE_OPTIONS,
      workerData: dataPlaneData,
      transferList: [port2],
      resourceLimits: { maxOldGenerationSizeMb: heapLimitMegabytes(totalmem(), process.constrainedMemory()) },
    })
    this.#dataPlane.on('message', (message: FromDataPlane) => this.#hear(message))
    this.#dataPlane.on('error', (error) => this.#fail(`the data plane failed: ${described(error)}`))
    this.#dataPlane.on('exit', () => this.#fail('the data plane ended by itself'))
    this.#storage.on('error', (error) => this.#fail(`the storage worker failed: ${described(error)}`))
    this.#storage.on('exit', () => this.#storageEnded())
  }

  get listeners(): readonly string[] {
    return this.#listeners
  }

  view(): PublishedView {
    if (this.#view === undefined) throw new Error('no view was published before the data plane was ready')
    return this.#view
  }

  command(commandId: string, operator: string, command: Command): Promise<CommandResult> {
    if (this.#phase === 'ended') return Promise.reject(new Error('the data plane has ended'))
    if (this.#isSilent) return Promise.reject(new EngineSilent('storage fails, so nothing can be carried out'))
    return new Promise((resolve, reject) => {
      this.#commands.set(commandId, [...(this.#commands.get(commandId) ?? []), { resolve, reject }])
      this.#send({ kind: 'command', commandId, operator, command })
    })
  }

  untilListsShow(withinMs: number): Promise<boolean> {
    return this.#progress.untilFollowed(withinMs, () => this.#storage.postMessage('hasten'))
  }

  onView(listener: (view: PublishedView) => void): () => void {
    this.#viewListeners.add(listener)
    return () => this.#viewListeners.delete(listener)
  }

  onNotices(listener: (notices: readonly PublishedNotice[]) => void): () => void {
    this.#noticeListeners.add(listener)
    return () => this.#noticeListeners.delete(listener)
  }

  stop(): Promise<void> {
    if (this.#phase === 'ended') return Promise.resolve()
    if (this.#phase === 'stopping') return Promise.reject(new Error('the data plane is being stopped already'))
    this.#phase = 'stopping'
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#fail(`the data plane did not stop within ${SHUT_DOWN_WITHIN_MS / 1000} s`),
        SHUT_DOWN_WITHIN_MS,
      )
      this.#stopped = {
        resolve() {
          clearTimeout(timer)
          resolve()
        },
        reject(error) {
          clearTimeout(timer)
          reject(error)
        },
      }
      this.#send({ kind: 'shut-down' })
    })
  }

  #send(message: ToDataPlane): void {
    this.#dataPlane.postMessage(message)
  }

  #hear(message: FromDataPlane): void {
    switch (message.kind) {
      case 'ready':
        this.#listeners = message.listeners
        if (this.#phase === 'starting') this.#phase = 'serving'
        this.#start.ready()
        break
      case 'view':
        this.#view = message.view
        for (const listener of this.#viewListeners) listener(message.view)
        break
      case 'notices':
        for (const listener of this.#noticeListeners) listener(message.notices)
        break
      case 'answer':
        this.#answer(message.commandId, message.result)
        break
      case 'log':
        this.#options.log(message.level, message.message)
        break
      case 'storage':
        this.#isSilent = message.fails
        break
      case 'stopped':
        this.#end('the data plane has ended')
        this.#stopped?.resolve()
        break
      case 'failed':
        this.#fail(message.reason)
        break
    }
  }

  #answer(commandId: string, result: CommandResult): void {
    const [first, ...others] = this.#commands.get(commandId) ?? []
    if (others.length > 0) this.#commands.set(commandId, others)
    else this.#commands.delete(commandId)
    first?.resolve(result)
  }

  /** The data plane closes it at the end of an orderly stop, a little before it says so itself. */
  #storageEnded(): void {
    if (this.#phase !== 'stopping') this.#fail('the storage worker ended by itself')
  }

  #fail(reason: string): void {
    if (this.#phase === 'ended') return
    const phase = this.#phase
    this.#end(reason)
    void this.#dataPlane.terminate()
    void this.#storage.terminate()
    if (phase === 'starting') this.#start.failed(reason)
    else if (phase === 'stopping') this.#stopped?.reject(new Error(reason))
    else this.#options.failed(reason)
  }

  #end(reason: string): void {
    this.#phase = 'ended'
    for (const waiting of this.#commands.values()) waiting.forEach((one) => one.reject(new Error(reason)))
    this.#commands.clear()
  }
}

function poolCountOf(subnets: ServerConfiguration['engine']['subnets']): number {
  return subnets.reduce((count, { addressPools, prefixPools }) => count + addressPools.length + prefixPools.length, 0)
}

function described(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
