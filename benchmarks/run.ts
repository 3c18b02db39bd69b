/** `npm run bench NAME`: one benchmark of the list; without a name, leases per second. */

interface Benchmark {
  readonly measures: string
  run(args: readonly string[]): Promise<void>
}

/** Loaded only when asked for. */
const benchmarks: Readonly<Record<string, Benchmark>> = {
  codec: {
    measures: 'nanoseconds to decode and encode each kind of message',
    run: async (args) => (await import('./codec/run.ts')).run(args),
  },
  'engine-step': {
    measures: 'microseconds of a step of the engine, without sockets and disk',
    run: async (args) => (await import('./engine-step/run.ts')).run(args),
  },
  'lease-memory': {
    measures: 'octets that an engine needs for one lease, by what it has to remember of it',
    run: async (args) => (await import('./lease-memory/run.ts')).run(args),
  },
  'commit-pipeline': {
    measures: 'changes made durable in a second, by the size of a commit',
    run: async (args) => (await import('./commit-pipeline/run.ts')).run(args),
  },
  'start-up': {
    measures: 'seconds until a server with a full store answers, and its memory per lease',
    run: async (args) => (await import('./start-up/run.ts')).run(args),
  },
  'full-resync': {
    measures: 'leases per second to a partner that lost its store, and how clients fare meanwhile',
    run: async (args) => (await import('./full-resync/run.ts')).run(args),
  },
  'api-load': {
    measures: 'what consoles and readers of the API cost the clients of a server with a million leases',
    run: async (args) => (await import('./api-load/run.ts')).run(args),
  },
  soak: {
    measures: 'half an hour of a pair at 70 % of what it carries: delays, memory and files by the minute',
    run: async (args) => (await import('./soak/run.ts')).run(args),
  },
  'leases-per-second': {
    measures: 'exchanges that a server, or a pair of them, carries',
    run: async (args) => (await import('./leases-per-second/run.ts')).run(args),
  },
  overload: {
    measures: 'who is still served when three times as many clients come as can be, and how soon all are again',
    run: async (args) => (await import('./overload/run.ts')).run(args),
  },
  'failover-gap': {
    measures: 'how long clients wait when the active server of a pair is gone',
    run: async (args) => (await import('./failover-gap/run.ts')).run(args),
  },
}

const BY_DEFAULT = 'leases-per-second'

async function main([first, ...rest]: readonly string[]): Promise<void> {
  const isNamed = first !== undefined && !first.startsWith('-')
  const name = isNamed ? first : BY_DEFAULT
  const benchmark = benchmarks[name]
  if (benchmark === undefined) {
    const list = Object.entries(benchmarks).map(([known, { measures }]) => `  ${known.padEnd(18)} ${measures}`)
    throw new Error(`There is no benchmark "${name}", only these:\n${list.join('\n')}`)
  }
  await benchmark.run(isNamed || first === undefined ? rest : [first, ...rest])
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
