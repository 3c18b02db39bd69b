/** The failover messages of a capture as decoders read them that are not ours, held against an order that a test writes down. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const program = join(import.meta.dirname, 'list_messages.py')

type Side = 'primary' | 'secondary'

export interface CapturedMessage {
  readonly connection: number
  readonly from: Side
  readonly type: string
  readonly atSeconds: number
  /** Of a STATE. */
  readonly state?: string
  readonly startup?: boolean
}

/** `primary CONNECT`, `secondary STATE NORMAL`, `secondary STATE RECOVER, starting`. */
export type Step = `${Side} ${string}`

export interface MessageOrder {
  /** Each of these is sent once, in any place; other than updates and CONTACT nothing else is sent. */
  readonly once: readonly Step[]
  /** What one step answers or causes comes after it, somewhere. */
  readonly chains: readonly (readonly Step[])[]
}

/** Messages that come as often as there is something to tell. */
const UPDATES = /^(primary|secondary) (BNDUPD|BNDREPLY)$/

/** The messages of the connections that were opened during the capture. */
export async function listMessages(capture: string, secondaryPort: number): Promise<readonly CapturedMessage[]> {
  const { stdout } = await run('python3', [program, capture, String(secondaryPort)], { maxBuffer: 16 * 1024 * 1024 })
  const lines = stdout.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as CapturedMessage)
}

export function stepOf({ from, type, state, startup }: CapturedMessage): Step {
  if (state === undefined) return `${from} ${type}`
  return `${from} ${type} ${state}${startup === true ? ', starting' : ''}`
}

/** Nothing: the messages came as they should. */
export function departures(messages: readonly CapturedMessage[], order: MessageOrder): readonly string[] {
  const steps = messages.filter(({ type }) => type !== 'CONTACT').map(stepOf)
  const single = steps.filter((step) => !UPDATES.test(step))
  const missing = order.once.filter((step) => !single.includes(step)).map((step) => `missing: ${step}`)
  const surplus = single.filter((step, at) => !order.once.includes(step) || single.indexOf(step) !== at)
  const broken = order.chains.flatMap((chain) => breakIn(steps, chain))
  return [...missing, ...surplus.map((step) => `more than expected: ${step}`), ...broken]
}

function breakIn(steps: readonly Step[], chain: readonly Step[]): readonly string[] {
  let from = 0
  for (const [index, step] of chain.entries()) {
    const at = steps.indexOf(step, from)
    if (at < 0) return [index === 0 ? `never: ${step}` : `not after ${chain[index - 1]}: ${step}`]
    from = at + 1
  }
  return []
}

/** For a report: runs of the same step in one line. */
export function story(messages: readonly CapturedMessage[]): string {
  const lines: { step: string; times: number }[] = []
  for (const message of messages.filter(({ type }) => type !== 'CONTACT')) {
    const step = stepOf(message)
    const last = lines.at(-1)
    if (last?.step === step) last.times += 1
    else lines.push({ step, times: 1 })
  }
  return lines.map(({ step, times }) => (times === 1 ? step : `${step} (${times})`)).join('\n')
}
