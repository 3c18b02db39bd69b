/** One server of the demo as a real process: `tandem serve`, its log in a file, its death reported and never hidden. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream, type WriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The same place seen from src/demo and from dist/demo. */
const TANDEM = fileURLToPath(new URL('../../../../bin/tandem', import.meta.url))
const READY_WITHIN_MS = 30_000
const STOP_WITHIN_MS = 15_000
const LAST_LINES = 8

export interface ChildServerEvents {
  line(name: string, line: string): void
  died(name: string, how: string, lastLines: readonly string[]): void
}

export class ChildServer {
  readonly name: string
  readonly #configurationFile: string
  readonly #logFile: string
  readonly #events: ChildServerEvents
  readonly #program: string
  #child: ChildProcess | undefined
  #lastLines: string[] = []
  #stopping = false

  /** `program` is another one only in tests. */
  constructor(
    name: string,
    files: { readonly configuration: string; readonly log: string },
    events: ChildServerEvents,
    program: string = TANDEM,
  ) {
    this.name = name
    this.#configurationFile = files.configuration
    this.#logFile = files.log
    this.#events = events
    this.#program = program
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  get isRunning(): boolean {
    return this.#child !== undefined
  }

  /** Resolves when the server says `ready`; rejects with what it said last if it ends before. */
  async start(): Promise<void> {
    this.#stopping = false
    this.#lastLines = []
    // A process group of its own: Ctrl-C reaches the demo alone, which then stops its servers in order. The server ends
    // by itself when its standard input does, so that none is left behind if the demo is killed.
    const child = spawn(this.#program, ['serve', '--config', this.#configurationFile, '--stop-with-input'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    })
    this.#child = child
    const log = createWriteStream(this.#logFile, { flags: 'a', mode: 0o600 })
    await new Promise<void>((resolve, reject) => {
      const tooLate = setTimeout(
        () => reject(new Error(`${this.name} was not ready within ${READY_WITHIN_MS / 1000} s`)),
        READY_WITHIN_MS,
      )
      this.#readLines(child, log, () => {
        clearTimeout(tooLate)
        resolve()
      })
      child.once('error', reject)
      child.once('close', (code, signal) => {
        clearTimeout(tooLate)
        log.end()
        this.#child = undefined
        const how = signal === null ? `exit code ${code}` : signal
        const beforeReady = new Error(`${this.name} ended (${how}) before it was ready:\n${this.#lastLines.join('\n')}`)
        reject(beforeReady)
        if (!this.#stopping) this.#events.died(this.name, how, this.#lastLines)
      })
    })
  }

  /** SIGTERM lets it send what it owes and say goodbye to its partner. */
  async stop(): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    this.#stopping = true
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
    child.kill('SIGTERM')
    const impatient = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
    await ended
    clearTimeout(impatient)
  }

  #readLines(child: ChildProcess, log: WriteStream, ready: () => void): void {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue
      stream.pipe(log, { end: false })
      createInterface({ input: stream }).on('line', (line) => {
        this.#lastLines = [...this.#lastLines, line].slice(-LAST_LINES)
        if (line.startsWith('ready ')) ready()
        this.#events.line(this.name, line)
      })
    }
  }
}
