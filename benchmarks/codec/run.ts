/** `npm run bench codec`: nanoseconds to decode and to encode each kind of message, beside copying the same octets. */
import { parseArgs } from 'node:util'
import { positive, runBenchmark, say, type Measured } from '../harness/benchmark-run.ts'
import { spreadOf, spreadText, type Spread } from '../harness/statistics.ts'
import { alignColumns } from '../harness/table.ts'
import { timeSubjects, type TimingPlan } from '../harness/time-operation.ts'
import { codecSubjects } from './codec-subjects.ts'
import { collectSamples } from './sample-messages.ts'

interface MessageFigures {
  readonly message: string
  readonly octets: number
  readonly decodeNs: Spread
  readonly encodeNs: Spread
  readonly copyNs: Spread
  readonly runs: {
    readonly decode: readonly number[]
    readonly encode: readonly number[]
    readonly copy: readonly number[]
  }
}

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string', default: '7' },
      'run-ms': { type: 'string', default: '150' },
    },
  })
  const runMs = positive('run-ms', values['run-ms'])
  const plan = { runs: positive('runs', values.runs), runMs, warmUpMs: 2 * runMs }
  await runBenchmark('codec', plan, () => measure({ ...plan, clock: () => performance.now() }))
}

function measure(plan: TimingPlan): Measured {
  const messages = collectSamples().map((sample) => ({ sample, subjects: codecSubjects(sample) }))
  say(`${messages.length} messages, ${plan.runs} runs of ${plan.runMs} ms each`)
  const timed = timeSubjects(
    messages.flatMap(({ subjects: { decode, encode, copy } }) => [decode, encode, copy]),
    plan,
  )
  const runsOf = (name: string): readonly number[] => timed.get(name) ?? []
  const figures = messages.map(({ sample: { name, octets }, subjects }): MessageFigures => {
    const runs = {
      decode: runsOf(subjects.decode.name),
      encode: runsOf(subjects.encode.name),
      copy: runsOf(subjects.copy.name),
    }
    return {
      message: name,
      octets: octets.length,
      decodeNs: spreadOf(runs.decode),
      encodeNs: spreadOf(runs.encode),
      copyNs: spreadOf(runs.copy),
      runs,
    }
  })
  return { report: tableOf(figures), record: { messages: figures } }
}

const REMARK = `A relayed message is counted with what it carries: both layers. The copy is a new array, which costs more than
its octets: beyond 64 of them V8 keeps it outside of its heap.`

function tableOf(figures: readonly MessageFigures[]): string {
  const head = ['ns: median (lowest to highest)', 'octets', 'decode', 'encode', 'limit: a copy of the octets']
  const rows = figures.map(({ message, octets, decodeNs, encodeNs, copyNs }) => [
    message,
    String(octets),
    spreadText(decodeNs, 0),
    spreadText(encodeNs, 0),
    spreadText(copyNs, 0),
  ])
  return `${alignColumns([head, ...rows])}\n\n${REMARK}`
}
