/** One server of a pair on the loopback interface: started as its user would, killed, started again, asked through its API. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { createApiClient } from '@tandem/api-contract'
import type { ApiClient, ApiRequest, ApiResponse, Relationship } from '@tandem/api-contract'
import { startProgram, type Exit, type RunningProgram } from '../topology/program.ts'
import { tandemProgram } from '../topology/tandem-server.ts'
import type { ServerName } from '../topology/pair-configuration.ts'
import { waitUntil } from '../topology/wait-until.ts'

const run = promisify(execFile)

/** A start on a busy machine with two cores, under strace too. */
const READY_LIMIT_MS = 60_000

export interface LoopbackServerPlace {
  readonly name: ServerName
  readonly configurationFile: string
  readonly storageFile: string
  readonly logFile: string
  readonly clientPort: number
  readonly apiPort: number
  readonly failoverPort: number
}

export interface StartWish {
  readonly environment?: Readonly<Record<string, string>>
  /** Stands before the program, as `strace …` does. */
  readonly before?: readonly string[]
}

export class LoopbackServer {
  readonly place: LoopbackServerPlace
  readonly api: ApiClient<never> = createApiClient<never>({
    transport: (request) => this.#send(request),
    newIdempotencyKey: randomUUID,
  })
  #program: RunningProgram | undefined
  #token: string | undefined

  constructor(place: LoopbackServerPlace) {
    this.place = place
  }

  get name(): ServerName {
    return this.place.name
  }

  get isRunning(): boolean {
    return this.#program !== undefined && this.#program.exit() === undefined
  }

  get pid(): number {
    if (this.#program === undefined) throw new Error(`${this.name} was never started`)
    return this.#program.pid
  }

  output(): string {
    return this.#program?.output() ?? ''
  }

  /** Resolves at its ready line. */
  async start({ environment = {}, before = [] }: StartWish = {}): Promise<void> {
    if (this.isRunning) throw new Error(`${this.name} runs already`)
    const command = [...before, tandemProgram, 'serve', '--config', this.place.configurationFile]
    const program = startProgram({ command, logFile: this.place.logFile, environment })
    const readyBefore = readyLines(program)
    this.#program = program
    await waitUntil(`the ready line of ${this.name}`, READY_LIMIT_MS, () => {
      if (program.exit() !== undefined) throw new Error(`it has ended:\n${program.output().slice(-2000)}`)
      return readyLines(program) > readyBefore
    })
  }

  /** SIGKILL; resolves when the process is gone. */
  async kill(): Promise<void> {
    this.#program?.kill('SIGKILL')
    await this.#program?.exited
  }

  async stop(): Promise<Exit | undefined> {
    return this.#program?.stop()
  }

  /** Of a server whose database was taken away. */
  forgetToken(): void {
    this.#token = undefined
  }

  async relationship(name: string): Promise<Relationship> {
    return this.api.getRelationship({ params: { name } })
  }

  /** As an operator would, after looking at the present state. */
  async declarePartnerDown(name: string): Promise<void> {
    const { state } = await this.relationship(name)
    const body = { reason: 'the test has killed the partner', seenState: state }
    await this.api.declarePartnerDown({ params: { name }, body })
  }

  get url(): string {
    return `http://127.0.0.1:${this.place.apiPort}`
  }

  /** An administrator's. */
  async token(): Promise<string> {
    this.#token ??= await this.#createToken()
    return this.#token
  }

  async #send({ method, path, headers, body }: ApiRequest): Promise<ApiResponse> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { ...headers, authorization: `Bearer ${await this.token()}` },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(10_000),
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) }
  }

  async #createToken(): Promise<string> {
    const args = ['token', 'create', '--config', this.place.configurationFile]
    const { stdout } = await run(tandemProgram, [...args, '--role', 'administrator', '--name', 'test'])
    return stdout.trim()
  }
}

function readyLines(program: RunningProgram): number {
  return program.output().match(/^ready \{/gm)?.length ?? 0
}
