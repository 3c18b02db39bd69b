/** The data plane: a thread with the sockets, the inbox, the engine and the driver; deaf to what the main thread is busy with. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { createEngine, type Engine, type EngineEvent, type HashSeed } from '@tandem/engine'
import { readEngine } from '../storage/read-engine.ts'
import { StoragePort } from '../storage/storage-port.ts'
import { isPostgresqlUrl } from '../storage/storage-url.ts'
import { PartnerConnections, type PartnerConnectionEvents } from '../transport/tcp/partner-connections.ts'
import { ClientListeners } from '../transport/udp/client-listeners.ts'
import { GIVE_UP_AFTER_MS, NEVER_GIVE_UP } from './commit-persistently.ts'
import type { DataPlaneStart, FromDataPlane, LogLevel, ToDataPlane } from './data-plane-messages.ts'
import { DataPlaneMeters } from './data-plane-meters.ts'
import { DeadlineTimer } from './deadline-timer.ts'
import { EngineDriver, type DriverEnd } from './engine-driver.ts'
import { HistorySampler } from './history-sampler.ts'
import { Inbox } from './inbox.ts'
import { createOutlets } from './data-plane-outlets.ts'
import { Publisher } from './publisher.ts'
import { Recorder } from './recorder.ts'
import { createSteadyClock, type Clock } from './steady-clock.ts'

/** A second of traffic at several thousand a second; older ones are shed by age anyway. */
const DATAGRAMS_WAITING_MAX = 8192
/** Acknowledgements of our own window, and everything else that a partner says. */
const OTHER_FRAMES_WAITING_MAX = 8192
/** A failing network must not flood the log. */
const LOG_REPEAT_INTERVAL_MS = 60_000

/** So often history and decisions go to storage. */
const RECORD_INTERVAL_MS = 100

type Post = (message: FromDataPlane) => void

interface Restored {
  readonly engine: Engine
  readonly clock: Clock
  readonly lastCommitNumber: number
}

function restore(start: DataPlaneStart): Promise<Restored> {
  return readEngine(start.storageUrl, ({ state, lastCommitNumber }) => {
    const clock = createSteadyClock(state.lastCommitAt ?? 0)
    return { engine: createEngine(start.engine, state, clock.now(), hashSeed()), clock, lastCommitNumber }
  })
}

/** New at every start: whoever knew it could choose DUIDs and addresses that are slow to tell apart. */
function hashSeed(): HashSeed {
  const [first = 0, second = 0] = crypto.getRandomValues(new Uint32Array(2))
  return [first, second]
}

async function run(start: DataPlaneStart, port: MessagePort): Promise<void> {
  const post: Post = (message) => port.postMessage(message)
  const { engine, clock, lastCommitNumber } = await restore(start)
  const log = limitedLog(post)
  const meters = new DataPlaneMeters()
  const inbox: Inbox = new Inbox(
    {
      datagramsMax: DATAGRAMS_WAITING_MAX,
      updatesMax: Math.max(0, ...start.engine.relationships.map((relationship) => relationship.maxUnackedUpdates)),
      otherFramesMax: OTHER_FRAMES_WAITING_MAX,
    },
    {
      received: (type) => meters.datagramReceived(type),
      dropped: (reason) => meters.unanswered(reason),
      overrun: (connection, reason) => partners.fail(connection, reason),
    },
  )
  const push = (event: EngineEvent): void => {
    if (event.kind === 'frame-received') meters.frameReceived(event.connection, event.bytes)
    inbox.push(event)
  }
  const partners = new PartnerConnections(start.partnerLinks, clock, {
    push,
    ...countedConnections(meters),
    rejected: (address, reason) => log('warning', `a connection from ${address} was dropped unread: ${reason}`),
  })
  await partners.listen()
  const clients = new ClientListeners(start.clientListeners, clock, {
    datagram: push,
    changed: (down) => push({ kind: 'listeners-changed', down }),
    sendFailed(detail) {
      meters.unanswered('send-failed')
      log('warning', `a datagram could not be sent: ${detail}`)
    },
  })
  await clients.open()
  const { store, recorder, closeStore } = openStore(start, clock, log)
  const sampler = new HistorySampler((samples) => store.record({ leaseChanges: [], decisions: [], samples }))
  const publisher = createPublisher({ engine, clock, meters, inbox, partners, sampler, post })
  const driver = new EngineDriver({
    engine,
    inbox,
    store,
    clock,
    outlets: createOutlets({ clients, partners, clock, meters, publisher, recorder, post }),
    timer: new DeadlineTimer(clock, () => inbox.push({ kind: 'deadline-reached' })),
    lastCommitNumber,
    giveUpAfterMs: isPostgresqlUrl(start.storageUrl) ? NEVER_GIVE_UP : GIVE_UP_AFTER_MS,
    released: firstThenAll(
      () => post({ kind: 'ready', listeners: [...clients.descriptions, ...partners.descriptions] }),
      (commitNumber, steps) => publisher.released(commitNumber, steps),
    ),
    committed: (latencyMs) => meters.committed(latencyMs),
    storageFails: (fails) => post({ kind: 'storage', fails }),
    log: (level, message) => post({ kind: 'log', level, message }),
  })
  port.on('message', (message: ToDataPlane) => inbox.push(eventOf(message)))
  const end = await driver.run().catch((error: unknown): DriverEnd => {
    // A broken invariant: what must be known is where.
    return { kind: 'failed', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  })
  if (end.kind === 'failed') {
    post({ kind: 'failed', reason: end.reason })
    return
  }
  await partners.close()
  await clients.close()
  await closeStore()
  post({ kind: 'stopped' })
  port.close()
}

function countedConnections(meters: DataPlaneMeters): Pick<PartnerConnectionEvents, 'opened' | 'ended' | 'frameSent'> {
  return {
    opened: (connection, relationships) => meters.connectionOpened(connection, relationships),
    ended: (connection) => meters.connectionEnded(connection),
    frameSent: (connection, bytes) => meters.frameSent(connection, bytes),
  }
}

interface OpenStore {
  readonly store: StoragePort
  readonly recorder: Recorder
  /** After the last records and the last commit. */
  readonly closeStore: () => Promise<void>
}

function openStore(
  { storagePort, storageUrl }: DataPlaneStart,
  clock: Clock,
  log: (level: LogLevel, message: string) => void,
): OpenStore {
  const store = new StoragePort(storagePort, {
    takesText: !isPostgresqlUrl(storageUrl),
    recordFailed: (detail) => log('warning', `history could not be stored, service goes on: ${detail}`),
    tablesBehind: (detail) =>
      detail === undefined
        ? log('information', 'lists of leases are up to date again')
        : log('alarm', `lists of leases are not up to date, service goes on: ${detail}`),
  })
  const recorder = new Recorder((batch) => store.record(batch))
  const timer = setInterval(() => recorder.flush(clock.now()), RECORD_INTERVAL_MS)
  return {
    store,
    recorder,
    closeStore: async () => {
      clearInterval(timer)
      recorder.flushAll(clock.now())
      await store.close()
    },
  }
}

function eventOf(message: ToDataPlane): EngineEvent {
  switch (message.kind) {
    case 'command':
      return {
        kind: 'command-received',
        commandId: message.commandId,
        operator: message.operator,
        command: message.command,
      }
    case 'shut-down':
      return {
        kind: 'command-received',
        commandId: 'shut-down',
        operator: 'system',
        command: { kind: 'shut-down' },
      }
  }
}

/** "Ready" is said after the first view, so that whoever hears it can show something. */
function firstThenAll<Arguments extends readonly unknown[]>(
  afterFirst: () => void,
  each: (...values: Arguments) => void,
): (...values: Arguments) => void {
  let isFirst = true
  return (...values) => {
    each(...values)
    if (isFirst) afterFirst()
    isFirst = false
  }
}

function createPublisher(parts: {
  readonly engine: Engine
  readonly clock: Clock
  readonly meters: DataPlaneMeters
  readonly inbox: Inbox
  readonly partners: PartnerConnections
  readonly sampler: HistorySampler
  readonly post: Post
}): Publisher {
  const { engine, clock, meters, inbox, partners, sampler, post } = parts
  let timer: NodeJS.Timeout | undefined
  return new Publisher({
    snapshot: (now) => engine.snapshot(now),
    counters: () => meters.read(),
    certificates: () => partners.certificates(),
    now: () => clock.now(),
    postView(view) {
      post({ kind: 'view', view })
      sampler.look(view)
    },
    postNotices: (notices) => post({ kind: 'notices', notices }),
    wakeAfter(delayMs) {
      timer ??= setTimeout(() => {
        timer = undefined
        inbox.wake()
      }, delayMs)
    },
  })
}

/** The same beginning of a sentence once a minute, with how often it was left out. */
function limitedLog(post: Post): (level: LogLevel, message: string) => void {
  const last = new Map<string, { atMs: number; leftOut: number }>()
  return (level, message) => {
    const key = message.slice(0, message.indexOf(':'))
    const seen = last.get(key)
    if (seen !== undefined && performance.now() - seen.atMs < LOG_REPEAT_INTERVAL_MS) {
      seen.leftOut += 1
      return
    }
    last.set(key, { atMs: performance.now(), leftOut: 0 })
    const leftOut = seen === undefined || seen.leftOut === 0 ? '' : ` (and ${seen.leftOut} times before, left out)`
    post({ kind: 'log', level, message: `${message}${leftOut}` })
  }
}

/** The parent starts this file and nothing else does. */
function isDataPlaneStart(data: unknown): data is DataPlaneStart {
  return typeof data === 'object' && data !== null && 'dataPlane' in data
}

if (parentPort !== null && isDataPlaneStart(workerData)) {
  const port = parentPort
  run(workerData, port).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    const message: FromDataPlane = { kind: 'failed', reason }
    port.postMessage(message)
  })
}
