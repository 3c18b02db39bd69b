/** Looks into a running server through Node's own inspector, which the test switches on: nothing of it is in the product. */
import { join } from 'node:path'
import { waitUntil } from '../topology/wait-until.ts'

/** The modules that the server runs, as it loaded them. */
const serverProgram = join(import.meta.dirname, '..', '..', 'apps', 'server', 'dist', 'engine', 'data-plane.js')

const ANSWER_LIMIT_MS = 60_000

type Json = Readonly<Record<string, unknown>>

interface Pending {
  resolve(result: Json): void
  reject(error: Error): void
}

export interface HeapUse {
  readonly thread: string
  readonly usedBytes: number
}

export interface SlowestEvent {
  readonly milliseconds: number
  readonly kind: string
  readonly octets: number
  readonly startHex: string
}

/** What the engine was given: by the state of its endpoint at that moment. */
export type HandledIn = Readonly<Record<string, { readonly datagrams: number; readonly frames: number }>>

/** For the environment of a server: a port of its inspector, on loopback. */
export function inspectionEnvironment(port: number): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--inspect=127.0.0.1:${port}` }
}

export class InspectedProcess {
  readonly #socket: WebSocket
  readonly #pending = new Map<string, Pending>()
  /** Session of each worker thread, by the end of its program's path. */
  readonly #workers = new Map<string, string>()
  #lastId = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', (event: MessageEvent<string>) => this.#receive(JSON.parse(event.data) as Json))
    socket.addEventListener('close', () => this.#fail(new Error('the inspected process is gone')))
  }

  static async attach(port: number): Promise<InspectedProcess> {
    const url = await waitUntil('the inspector', 20_000, async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/json/list`)
      const targets = (await answer.json()) as readonly { readonly webSocketDebuggerUrl: string }[]
      return targets[0]?.webSocketDebuggerUrl
    })
    const socket = new WebSocket(url)
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve())
      socket.addEventListener('error', () => reject(new Error('the inspector does not open')))
    })
    const attached = new InspectedProcess(socket)
    await attached.#call('NodeWorker.enable', { waitForDebuggerOnStart: false })
    await waitUntil('the data plane thread', 20_000, () => attached.#workers.has('data-plane.js'))
    return attached
  }

  close(): void {
    this.#socket.close()
  }

  /** Counts from zero how often each decoder runs, and times each datagram and frame in the engine. */
  async startMeasuring(): Promise<void> {
    await this.#evaluate(`${load('@tandem/protocol')}.setDecodeCoverage(true)`)
    const prototype = await this.#objectOf(`${load('./engine-driver.js')}.EngineDriver.prototype`)
    const found = await this.#callDataPlane('Runtime.queryObjects', { prototypeObjectId: prototype })
    const [driver] = await this.#properties(idOf(found['objects']), 'result')
    const parts = await this.#properties(driver?.id ?? '', 'privateProperties')
    const objectId = parts.find(({ name }) => name === '#parts')?.id
    if (objectId === undefined) throw new Error('the driver has no parts to look at')
    await this.#callDataPlane('Runtime.callFunctionOn', { objectId, functionDeclaration: TIME_EACH_EVENT })
  }

  async decodeCoverage(): Promise<Readonly<Record<string, number>>> {
    return (await this.#evaluate(`Object.fromEntries(${load('@tandem/protocol')}.decodeCoverage())`)) as Readonly<
      Record<string, number>
    >
  }

  async slowestEvent(): Promise<SlowestEvent> {
    return (await this.#evaluate('globalThis.slowestEvent')) as SlowestEvent
  }

  async handledIn(): Promise<HandledIn> {
    return (await this.#evaluate('globalThis.handledIn')) as HandledIn
  }

  /** Clients' and partner's events that the driver has yet to take. */
  async waiting(): Promise<number> {
    return (await this.#evaluate('globalThis.inbox.length')) as number
  }

  /** After a forced collection, thread by thread. */
  async heapUse(): Promise<readonly HeapUse[]> {
    const threads: readonly (readonly [string, string | undefined])[] = [['main', undefined], ...this.#workers]
    const uses: HeapUse[] = []
    for (const [thread, session] of threads) {
      for (let times = 0; times < 3; times += 1) await this.#call('HeapProfiler.collectGarbage', {}, session)
      const { usedSize } = await this.#call('Runtime.getHeapUsage', {}, session)
      uses.push({ thread, usedBytes: Number(usedSize) })
    }
    return uses
  }

  async #evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.#callDataPlane('Runtime.evaluate', {
      expression,
      returnByValue: true,
    })
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
    return (result as { readonly value?: unknown }).value
  }

  async #objectOf(expression: string): Promise<string> {
    const { result } = await this.#callDataPlane('Runtime.evaluate', { expression })
    return idOf(result)
  }

  async #properties(
    objectId: string,
    list: 'result' | 'privateProperties',
  ): Promise<readonly { readonly name: string; readonly id: string | undefined }[]> {
    const answer = await this.#callDataPlane('Runtime.getProperties', { objectId, ownProperties: true })
    const found = (answer[list] ?? []) as readonly {
      readonly name: string
      readonly value?: { readonly objectId?: string }
    }[]
    return found.map(({ name, value }) => ({ name, id: value?.objectId }))
  }

  async #callDataPlane(method: string, params: Json): Promise<Json> {
    return this.#call(method, params, this.#workers.get('data-plane.js'))
  }

  async #call(method: string, params: Json, session?: string): Promise<Json> {
    this.#lastId += 1
    const id = this.#lastId
    const message = JSON.stringify({ id, method, params })
    const answer = new Promise<Json>((resolve, reject) => this.#pending.set(keyOf(session, id), { resolve, reject }))
    const limit = setTimeout(
      () => this.#pending.get(keyOf(session, id))?.reject(new Error(`${method}: no answer`)),
      ANSWER_LIMIT_MS,
    )
    if (session === undefined) this.#socket.send(message)
    else {
      this.#lastId += 1
      const wrapper = {
        id: this.#lastId,
        method: 'NodeWorker.sendMessageToWorker',
        params: { sessionId: session, message },
      }
      this.#socket.send(JSON.stringify(wrapper))
    }
    return answer.finally(() => clearTimeout(limit))
  }

  #receive(message: Json, session?: string): void {
    const params = (message['params'] ?? {}) as Json
    if (message['method'] === 'NodeWorker.attachedToWorker') {
      const { url } = params['workerInfo'] as { readonly url: string }
      this.#workers.set(url.slice(url.lastIndexOf('/') + 1), String(params['sessionId']))
    } else if (message['method'] === 'NodeWorker.receivedMessageFromWorker') {
      this.#receive(JSON.parse(String(params['message'])) as Json, String(params['sessionId']))
    } else if (message['id'] !== undefined) this.#settle(message, session)
  }

  #settle(message: Json, session: string | undefined): void {
    const key = keyOf(session, Number(message['id']))
    const pending = this.#pending.get(key)
    this.#pending.delete(key)
    if (message['error'] === undefined) pending?.resolve((message['result'] ?? {}) as Json)
    else pending?.reject(new Error(JSON.stringify(message['error'])))
  }

  #fail(error: Error): void {
    for (const pending of this.#pending.values()) pending.reject(error)
    this.#pending.clear()
  }
}

/** The same instance of the module that the thread itself imported. */
function load(name: string): string {
  return `process.getBuiltinModule('node:module').createRequire(${JSON.stringify(serverProgram)})(${JSON.stringify(name)})`
}

const TIME_EACH_EVENT = `function () {
  const engine = this.engine
  const handle = engine.handle
  globalThis.slowestEvent = { milliseconds: 0, kind: '', octets: 0, startHex: '' }
  globalThis.handledIn = {}
  globalThis.inbox = this.inbox
  let state = engine.snapshot().relationships[0].state
  engine.handle = (event, now) => {
    const startedAt = performance.now()
    const effects = handle.call(engine, event, now)
    const milliseconds = performance.now() - startedAt
    const handled = (globalThis.handledIn[state] ??= { datagrams: 0, frames: 0 })
    if (event.kind === 'datagram-received') handled.datagrams += 1
    if (event.kind === 'frame-received') handled.frames += 1
    for (const notice of effects.notices) if (notice.kind === 'failover-state-changed') state = notice.to
    if (event.bytes !== undefined && milliseconds > globalThis.slowestEvent.milliseconds) {
      const startHex = Buffer.from(event.bytes.subarray(0, 64)).toString('hex')
      globalThis.slowestEvent = { milliseconds, kind: event.kind, octets: event.bytes.length, startHex }
    }
    return effects
  }
}`

function keyOf(session: string | undefined, id: number): string {
  return `${session ?? ''}#${id}`
}

function idOf(object: unknown): string {
  return String((object as { readonly objectId?: string } | undefined)?.objectId)
}
