/** One server under test: `bin/tandem serve` as a user starts it, and its API as its operator's programs use it. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createApiClient } from '@tandem/api-contract'
import type { ApiClient, ApiRequest, ApiResponse, Transport } from '@tandem/api-contract'
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
  readonly api: ApiClient<never>
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
  const transport: Transport<never> = (request) => askFromWithin(place, ready.api, token, request)
  return { program, ready, token, api: createApiClient<never>({ transport, newIdempotencyKey: randomUUID }) }
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
const { TANDEM_REQUEST, TANDEM_TOKEN: token } = process.env
const { url, method, headers, body } = JSON.parse(TANDEM_REQUEST)
const answer = await fetch(url, { method, body, headers: { ...headers, authorization: 'Bearer ' + token } })
const text = await answer.text()
process.stdout.write(JSON.stringify({ status: answer.status, body: text === '' ? null : JSON.parse(text) }))
`

async function askFromWithin(
  place: TandemServerPlace,
  root: string,
  token: string,
  request: ApiRequest,
): Promise<ApiResponse> {
  const [program = '', ...args] = within(place, [process.execPath, '--input-type=module', '-e', ASK])
  const asked = JSON.stringify({ ...request, url: root + request.path })
  const env = { ...process.env, TANDEM_REQUEST: asked, TANDEM_TOKEN: token }
  const { stdout } = await run(program, args, { env, timeout: 10_000, maxBuffer: 64 * 1024 * 1024 })
  return JSON.parse(stdout) as ApiResponse
}

function within({ namespace }: TandemServerPlace, command: readonly string[]): readonly string[] {
  return namespace === undefined ? command : namespace.inside(...command)
}
