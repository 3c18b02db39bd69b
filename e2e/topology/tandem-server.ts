/** One server under test: `bin/tandem serve` as a user starts it, and its API as its operator's programs use it. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Namespace } from './namespaces.ts'
import { startProgram, type RunningProgram } from './program.ts'
import { waitUntil } from './wait-until.ts'

const run = promisify(execFile)

const root = join(import.meta.dirname, '..', '..')
export const tandemProgram = join(root, 'bin', 'tandem')

/** Its first start makes a database. */
const START_LIMIT_MS = 30_000

export interface TandemServerPlace {
  readonly configurationFile: string
  readonly logFile: string
  /** Absent: the machine's own network. */
  readonly namespace?: Namespace
  readonly environment?: Readonly<Record<string, string>>
  /** For a server that has more to read than most. */
  readonly startLimitMs?: number
}

export interface TandemServer {
  readonly program: RunningProgram
  /** What stands behind `ready ` in its line. */
  readonly ready: { readonly api: string }
  /** An administrator's. */
  readonly token: string
  /** An answer of its API under `/api/v1`. */
  get(path: string): Promise<unknown>
  /** A command, with a key of its own. */
  post(path: string, body: Readonly<Record<string, unknown>>): Promise<unknown>
}

export async function startTandemServer(place: TandemServerPlace): Promise<TandemServer> {
  const { configurationFile, logFile, environment = {}, startLimitMs = START_LIMIT_MS } = place
  const command = within(place, [tandemProgram, 'serve', '--config', configurationFile])
  const program = startProgram({ command, logFile, environment })
  const seenBefore = countReadyLines(program.output())
  const ready = await waitUntil(`ready line of ${configurationFile}`, startLimitMs, () => {
    if (program.exit() !== undefined) throw new Error(`it has ended:\n${program.output().slice(-2000)}`)
    return countReadyLines(program.output()) > seenBefore ? lastReadyLine(program.output()) : undefined
  }).catch((error: unknown) => {
    program.kill('SIGKILL')
    throw error
  })
  const token = await createToken(place)
  const ask = (path: string, body?: string): Promise<unknown> => {
    return askJson(place, `${ready.api}/api/v1${path}`, token, body)
  }
  return { program, ready, token, get: (path) => ask(path), post: (path, body) => ask(path, JSON.stringify(body)) }
}

function countReadyLines(output: string): number {
  return output.match(/^ready \{/gm)?.length ?? 0
}

function lastReadyLine(output: string): { readonly api: string } | undefined {
  const line = output.match(/^ready (\{.*\})$/gm)?.at(-1)
  if (line === undefined) return undefined
  const { api } = JSON.parse(line.slice('ready '.length)) as { readonly api: string }
  return { api }
}

async function createToken(place: TandemServerPlace): Promise<string> {
  const args = ['token', 'create', '--config', place.configurationFile, '--role', 'administrator', '--name', 'test']
  const { stdout } = await run(tandemProgram, args)
  return stdout.trim()
}

/** The API listens on the loopback of the server's own namespace, so it is asked from within. */
const ASK = `
const { TANDEM_URL: url, TANDEM_TOKEN: token, TANDEM_BODY: body } = process.env
const headers = { authorization: 'Bearer ' + token }
const posted = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
const request = body === undefined ? { headers } : { method: 'POST', body, headers: { ...headers, ...posted } }
const answer = await fetch(url, request)
const text = await answer.text()
if (!answer.ok) { console.error(answer.status + ' ' + text); process.exit(1) }
process.stdout.write(text)
`

async function askJson(place: TandemServerPlace, url: string, token: string, body?: string): Promise<unknown> {
  const [program = '', ...args] = within(place, [process.execPath, '--input-type=module', '-e', ASK])
  const posted = body === undefined ? {} : { TANDEM_BODY: body }
  const env = { ...process.env, TANDEM_URL: url, TANDEM_TOKEN: token, ...posted }
  const { stdout } = await run(program, args, { env, timeout: 10_000, maxBuffer: 64 * 1024 * 1024 })
  return JSON.parse(stdout) as unknown
}

function within({ namespace }: TandemServerPlace, command: readonly string[]): readonly string[] {
  return namespace === undefined ? command : namespace.inside(...command)
}
