/** `npm run bench start-up`: how long until a server with a full store answers a client, and its memory per lease, beside Kea's. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startProgram, type RunningProgram } from '../../e2e/topology/program.ts'
import { waitUntil } from '../../e2e/topology/wait-until.ts'
import { positive, runBenchmark, say, type Measured } from '../harness/benchmark-run.ts'
import { chosen } from '../harness/chosen.ts'
import { cpuSecondsOf, peakResidentMegabytesOf, residentMegabytesOf } from '../harness/process-cost.ts'
import { buildBenchLink, INTERFACE, type BenchLink } from '../leases-per-second/bench-link.ts'
import { startContestants, type StartContestant } from './contestants.ts'
import { startTable, type MeasuredStart } from './start-figures.ts'

/** A server that has just read its leases still holds what it read them with. */
const REST_MS = 5000
const ANSWER_LIMIT_MS = 300_000
const ASKING_LIMIT_MS = 20_000

interface Plan {
  readonly contestants: readonly StartContestant[]
  /** The first of them is 0: what a server needs without leases. */
  readonly counts: readonly number[]
  readonly repeats: number
}

export async function run(args: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('The benchmark makes network namespaces, so it needs root.')
  const { values } = parseArgs({
    args: [...args],
    options: {
      contestants: { type: 'string' },
      leases: { type: 'string', default: '100000,1000000' },
      repeats: { type: 'string', default: '3' },
    },
  })
  const plan: Plan = {
    contestants: chosen('contestants', startContestants, values.contestants),
    counts: [0, ...values.leases.split(',').map((text) => positive('leases', text))],
    repeats: positive('repeats', values.repeats),
  }
  const { counts, repeats } = plan
  const method = { contestants: plan.contestants.map(({ key }) => key), counts, repeats, restMs: REST_MS }
  await runBenchmark('start-up', method, () => measure(plan))
}

async function measure({ contestants, counts, repeats }: Plan): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'))
  const filled = (contestant: StartContestant, leases: number): string => join(folder, `${contestant.key}-${leases}`)
  for (const leases of counts) {
    say(`filling stores with ${leases} leases`)
    for (const contestant of contestants) contestant.fill(filled(contestant, leases), leases, Date.now())
  }
  const starts: MeasuredStart[] = []
  for (let repeat = 1; repeat <= repeats; repeat += 1) {
    for (const leases of counts) {
      for (const contestant of contestants) {
        const place = join(folder, 'run')
        const start = await measureStart(contestant, { leases, filled: filled(contestant, leases), folder: place })
        starts.push(start)
        say(`${start.contestant}, ${leases} leases: answers after ${start.answeredAfterSeconds.toFixed(2)} s`)
        rmSync(place, { recursive: true })
      }
    }
  }
  // Kept when a start failed, for its logs.
  rmSync(folder, { recursive: true })
  return { report: `${startTable(starts)}\n\n${REMARK}`, record: { starts } }
}

const REMARK = `Octets per lease: what is resident ${REST_MS / 1000} s after the first answer, less the same server's memory without leases.`

interface Place {
  readonly leases: number
  readonly filled: string
  readonly folder: string
}

async function measureStart(contestant: StartContestant, { leases, filled, folder }: Place): Promise<MeasuredStart> {
  const link = buildBenchLink()
  try {
    const client = await startClient(link, `${folder}-client.log`)
    const startedAt = Date.now()
    const program = contestant.launch(link, folder, filled)
    try {
      const answeredAt = await firstAnswer(client, program)
      const cpuSeconds = cpuSecondsOf(program.pid)
      await delay(REST_MS)
      return {
        contestant: contestant.name,
        leases,
        answeredAfterSeconds: (answeredAt - startedAt) / 1000,
        cpuSeconds,
        residentMegabytes: residentMegabytesOf(program.pid),
        peakMegabytes: peakResidentMegabytesOf(program.pid),
      }
    } finally {
      client.kill('SIGKILL')
      await program.stop()
    }
  } finally {
    link.remove()
  }
}

async function startClient(link: BenchLink, logFile: string): Promise<RunningProgram> {
  const script = join(import.meta.dirname, 'first-answer.ts')
  const command = link.load.inside(process.execPath, ...process.execArgv, script, INTERFACE)
  rmSync(logFile, { force: true })
  const client = startProgram({ command, logFile })
  await waitUntil('the client asks', ASKING_LIMIT_MS, () => client.output().includes('asking'))
  return client
}

/** By the clock of the machine, in milliseconds. */
async function firstAnswer(client: RunningProgram, server: RunningProgram): Promise<number> {
  const limit = new AbortController()
  const tooLate = delay(ANSWER_LIMIT_MS, undefined, { signal: limit.signal }).catch(() => undefined)
  const ended = server.exited.then(() => {
    throw new Error(`the server has ended:\n${server.output().slice(-2000)}`)
  })
  // It ends at last in every run, and then nobody waits for it.
  ended.catch(() => undefined)
  await Promise.race([client.exited, ended, tooLate])
  limit.abort()
  const answeredAt = /^answered (\d+)$/m.exec(client.output())?.[1]
  if (answeredAt === undefined) throw new Error(`no answer:\n${server.output().slice(-2000)}\n${client.output()}`)
  return Number(answeredAt)
}
