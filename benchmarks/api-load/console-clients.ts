/**
 * A program: consoles that follow the live events and readers that ask the API, until it is told to stop (SIGTERM). Says
 * `connected` when all follow, and at its end one line of JSON. It runs where the server's API can be reached.
 */
import { pathOf, requestKinds, type RequestKind } from './requests.ts'
import type { ConsoleFigures } from './console-figures.ts'

export interface ConsoleClientsPlan {
  /** Without `/api/v1`. */
  readonly url: string
  readonly token: string
  readonly consumers: number
  readonly readers: number
  readonly pauseMs: number
  readonly leases: number
  readonly kinds: readonly RequestKind[]
}

const START_LIMIT_MS = 30_000
const REQUEST_LIMIT_MS = 60_000

interface Consumer {
  readonly events: Record<string, number>
  octets: number
  /** Of changes: between the server's stamp and our reading, on one machine. */
  readonly delaysMs: number[]
  problems: number
}

const plan = JSON.parse(process.env['TANDEM_BENCH_PLAN'] ?? '') as ConsoleClientsPlan
const headers = { authorization: `Bearer ${plan.token}` }
const consumers: Consumer[] = []
const delaysMs: Record<string, number[]> = {}
const failures: Record<string, number> = {}
let isOver = false
let isCounting = false

/** Resolves when the server has greeted it and everything as it is has come. */
function follow(): Promise<void> {
  const consumer: Consumer = { events: {}, octets: 0, delaysMs: [], problems: 0 }
  consumers.push(consumer)
  const url = `${plan.url.replace(/^http/, 'ws')}/api/v1/live`
  const socket = new WebSocket(url, { headers })
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('a consumer heard nothing')), START_LIMIT_MS)
    socket.addEventListener('message', ({ data }) => {
      const text = String(data)
      const message = JSON.parse(text) as { event: string; data: { at?: string; change?: { kind: string } } }
      const kind = message.data.change?.kind ?? message.event
      if (message.event === 'change') {
        clearTimeout(timer)
        resolve()
      }
      if (!isCounting) return
      consumer.events[kind] = (consumer.events[kind] ?? 0) + 1
      consumer.octets += text.length
      if (message.event === 'change') consumer.delaysMs.push(Date.now() - Date.parse(message.data.at ?? ''))
      if (message.event === 'refetch' || message.event === 'problem') consumer.problems += 1
    })
    socket.addEventListener('close', () => {
      if (!isOver) consumer.problems += 1
    })
    socket.addEventListener('error', () => reject(new Error('a consumer was not let in')))
  })
}

async function ask(kind: RequestKind, path: string): Promise<{ readonly nextCursor?: string | null }> {
  const startedAt = performance.now()
  try {
    const answer = await fetch(`${plan.url}/api/v1${path}`, { headers, signal: AbortSignal.timeout(REQUEST_LIMIT_MS) })
    const body = (await answer.json()) as { readonly nextCursor?: string | null }
    if (isCounting) (delaysMs[kind] ??= []).push(performance.now() - startedAt)
    if (!answer.ok) throw new Error(`${answer.status} ${JSON.stringify(body)}`)
    return body
  } catch (error) {
    if (!isOver) failures[`${kind}: ${String(error)}`] = (failures[`${kind}: ${String(error)}`] ?? 0) + 1
    return {}
  }
}

/** Each begins with another kind, so that not all ask the same at the same time. */
async function read(index: number): Promise<void> {
  let cursor: string | undefined
  for (let turn = index; !isOver; turn += 1) {
    const kind = plan.kinds[turn % plan.kinds.length] ?? 'page'
    const { nextCursor } = await ask(kind, pathOf(kind, { leases: plan.leases, chance: Math.random, cursor }))
    if (kind === 'page') cursor = nextCursor ?? undefined
    await new Promise((resolve) => setTimeout(resolve, plan.pauseMs))
  }
}

function figures(seconds: number): ConsoleFigures {
  return { seconds, consumers, delaysMs, failures }
}

async function main(): Promise<void> {
  if (plan.kinds.some((kind) => !requestKinds.includes(kind))) throw new Error('unknown kind of request')
  await Promise.all(Array.from({ length: plan.consumers }, follow))
  const startedAt = performance.now()
  isCounting = true
  process.once('SIGTERM', () => {
    isOver = true
    const text = JSON.stringify(figures((performance.now() - startedAt) / 1000))
    process.stdout.write(`\n${text}\n`, () => process.exit())
  })
  process.stdout.write('connected\n')
  for (let index = 0; index < plan.readers; index += 1) void read(index)
}

await main()
