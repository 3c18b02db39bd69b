/** The one table of who may import whom: packages first, then the folders inside them. A folder without a row may not import at all. */

export type ImportRule = {
  /** A folder (`a/`), the files of a folder without its folders (`a/*`) or one file; the longest that fits is the rule. */
  readonly from: string
  /** Folders and files of the workspace that may be imported relatively, besides the rule's own folder. */
  readonly may: readonly string[]
  /** What may be imported by name: an exact package, `scope/*`, or `node:*`. */
  readonly packages: readonly string[]
  /** An import that this row must refuse; a test feeds it to the checker. */
  readonly refuses: string
}

const protocol = 'packages/protocol/src/'
const engine = 'packages/engine/src/'
const simulator = 'packages/simulator/src/'
const contract = 'packages/api-contract/src/'
const server = 'apps/server/src/'
const dashboard = 'apps/dashboard/src/'

const inside = (root: string, ...names: readonly string[]): readonly string[] => names.map((name) => root + name)

const protocolRules: readonly ImportRule[] = [
  { from: `${protocol}*`, may: [protocol], packages: [], refuses: '@tandem/engine' },
  { from: `${protocol}wire/`, may: [], packages: [], refuses: '../values/duid.ts' },
  { from: `${protocol}registry/`, may: [], packages: [], refuses: '../wire/reader.ts' },
  { from: `${protocol}values/`, may: inside(protocol, 'wire/'), packages: [], refuses: '../options/option-table.ts' },
  {
    from: `${protocol}options/`,
    may: inside(protocol, 'wire/', 'registry/', 'values/'),
    packages: [],
    refuses: '../messages/decode-message.ts',
  },
  {
    from: `${protocol}messages/`,
    may: inside(protocol, 'wire/', 'registry/', 'values/', 'options/'),
    packages: [],
    refuses: '../index.ts',
  },
]

/** The vocabularies of the door: every folder of the engine speaks them. */
const door = inside(engine, 'events.ts', 'effects.ts', 'notices.ts', 'snapshot.ts', 'step.ts', 'deliberate-bug.ts')
const engineMay = (...names: readonly string[]): readonly string[] => [...door, ...inside(engine, ...names)]
const protocolOnly = ['@tandem/protocol']

const engineRules: readonly ImportRule[] = [
  { from: `${engine}*`, may: [engine], packages: protocolOnly, refuses: 'node:fs' },
  { from: `${engine}time/`, may: [], packages: [], refuses: '../configuration/configuration.ts' },
  { from: `${engine}random/`, may: [], packages: [], refuses: '../time/instant.ts' },
  {
    from: `${engine}configuration/`,
    may: inside(engine, 'time/'),
    packages: protocolOnly,
    refuses: '../bindings/binding.ts',
  },
  {
    from: `${engine}bindings/`,
    may: engineMay('configuration/', 'time/', 'failover/service-policy.ts'),
    packages: protocolOnly,
    refuses: '../failover/endpoints.ts',
  },
  {
    from: `${engine}allocation/`,
    may: engineMay('bindings/', 'configuration/', 'time/', 'random/', 'failover/service-policy.ts'),
    packages: protocolOnly,
    refuses: '../failover/endpoints.ts',
  },
  {
    from: `${engine}failover/`,
    may: engineMay('allocation/', 'bindings/', 'configuration/', 'time/', 'random/'),
    packages: protocolOnly,
    refuses: '../client-requests/request.ts',
  },
  {
    from: `${engine}failover/service-policy.ts`,
    may: engineMay('bindings/', 'configuration/', 'time/'),
    packages: protocolOnly,
    refuses: './endpoints.ts',
  },
  {
    from: `${engine}client-requests/`,
    may: engineMay('allocation/', 'bindings/', 'configuration/', 'time/', 'failover/service-policy.ts'),
    packages: protocolOnly,
    refuses: '../failover/updates/update-window.ts',
  },
]

const decided = ['@tandem/protocol', '@tandem/engine']

/** The simulator alone may break the engine on purpose. */
const simulated = [...decided, '@tandem/engine/simulation']

const simulatorRules: readonly ImportRule[] = [
  { from: simulator, may: [simulator], packages: simulated, refuses: 'node:fs' },
  {
    from: `${simulator}scenario/`,
    may: [simulator],
    packages: [...simulated, 'node:*'],
    refuses: '@tandem/api-contract',
  },
  {
    from: `${simulator}deliberate-bugs/find-bug-seeds.ts`,
    may: [simulator],
    packages: [...simulated, 'node:*'],
    refuses: '@tandem/api-contract',
  },
]

const contractRules: readonly ImportRule[] = [
  { from: contract, may: [contract], packages: ['@tandem/protocol', 'zod', 'ip-num'], refuses: '@tandem/engine' },
]

const workspace = [...decided, '@tandem/api-contract']
const serverLibraries = [
  ...workspace,
  'node:*',
  '@nestjs/*',
  '@node-rs/argon2',
  '@peculiar/x509',
  'commander',
  'cookie',
  'csv-stringify',
  'express',
  'helmet',
  'ip-num',
  'prom-client',
  'reflect-metadata',
  'rxjs',
  'serve-static',
  'swagger-ui-dist',
  'ws',
  'yaml',
  'zod',
]
const databases = ['@prisma/*', 'better-sqlite3', 'pg']

const capabilities = [
  'api-tokens',
  'audit',
  'checks',
  'decisions',
  'lease-events',
  'leases',
  'operators',
  'pools',
  'relationships',
  'server-status',
  'sessions',
  'subnets',
]
/** Technical folders know each other as in the picture; a capability knows only what stands here. */
const capability = inside(server, 'engine/', 'storage/', 'http/', 'configuration/', 'observability/')

const serverRules: readonly ImportRule[] = [
  { from: `${server}*`, may: [server], packages: serverLibraries, refuses: 'better-sqlite3' },
  { from: `${server}cli/`, may: [server], packages: serverLibraries, refuses: '@prisma/client' },
  // The one place of the product that runs the simulator.
  {
    from: `${server}cli/simulate/`,
    may: inside(server, 'cli/'),
    packages: [...serverLibraries, '@tandem/simulator'],
    refuses: '../../engine/engine-driver.ts',
  },
  { from: `${server}certificates/`, may: [], packages: serverLibraries, refuses: '../cli/main.ts' },
  // Its servers are processes of their own: it knows nothing of what is inside them.
  {
    from: `${server}demo/`,
    may: inside(server, 'certificates/', 'cli/', 'configuration/'),
    packages: serverLibraries,
    refuses: '../engine/engine-driver.ts',
  },
  { from: `${server}configuration/`, may: [], packages: serverLibraries, refuses: '../storage/engine-store.ts' },
  {
    from: `${server}engine/`,
    may: inside(server, 'configuration/', 'storage/', 'transport/', 'observability/'),
    packages: serverLibraries,
    refuses: '../http/route.decorator.ts',
  },
  {
    from: `${server}transport/`,
    may: inside(server, 'engine/', 'configuration/', 'observability/'),
    packages: ['@tandem/protocol', '@tandem/engine', 'node:*'],
    refuses: '../storage/engine-store.ts',
  },
  {
    from: `${server}storage/`,
    may: inside(server, 'configuration/', 'engine/', 'observability/'),
    packages: [...serverLibraries, ...databases],
    refuses: '../transport/udp/client-listener.ts',
  },
  {
    from: `${server}http/`,
    may: inside(server, 'certificates/', 'configuration/', 'storage/', 'engine/', 'sessions/', 'observability/'),
    packages: serverLibraries,
    refuses: '../leases/leases.controller.ts',
  },
  // Where Nest is started, and so where the list of capabilities is read.
  { from: `${server}http/start-api.ts`, may: [server], packages: serverLibraries, refuses: 'better-sqlite3' },
  {
    from: `${server}live/`,
    may: inside(server, 'engine/', 'http/', 'configuration/', 'sessions/', 'storage/', 'observability/'),
    packages: serverLibraries,
    refuses: '../leases/leases.controller.ts',
  },
  {
    from: `${server}observability/`,
    may: inside(server, 'engine/', 'configuration/'),
    packages: serverLibraries,
    refuses: '../transport/udp/client-listener.ts',
  },
  {
    from: `${server}partner-channel/`,
    may: inside(server, 'configuration/', 'engine/', 'http/', 'observability/', 'transport/'),
    packages: serverLibraries,
    refuses: '../relationships/relationship-reader.ts',
  },
  ...capabilities.map((noun) => ({
    from: `${server}${noun}/`,
    may: capability,
    packages: serverLibraries,
    refuses: '../live/live-feed.ts',
  })),
]

const browser = ['@tandem/api-contract', '@tandem/protocol', 'ip-num', 'zod']
const react = [
  ...browser,
  'react',
  'react-dom',
  'react-dom/client',
  'react-router',
  'react-aria-components',
  '@tanstack/*',
]
const links = inside(dashboard, 'paths.ts')

const dashboardRules: readonly ImportRule[] = [
  { from: `${dashboard}*`, may: [dashboard], packages: react, refuses: '@tandem/engine' },
  {
    from: `${dashboard}mock-api/`,
    may: [...links, ...inside(dashboard, 'main.tsx')],
    packages: [...browser, 'msw'],
    refuses: '../pages/leases/leases-page.tsx',
  },
  { from: `${dashboard}api/`, may: links, packages: react, refuses: '../pages/leases/leases-page.tsx' },
  {
    from: `${dashboard}pages/`,
    may: [...links, ...inside(dashboard, 'features/', 'components/', 'ui/', 'api/')],
    packages: react,
    refuses: '../mock-api/handlers.ts',
  },
  {
    from: `${dashboard}features/`,
    may: [...links, ...inside(dashboard, 'components/', 'ui/', 'api/')],
    packages: react,
    refuses: '../pages/leases/leases-page.tsx',
  },
  {
    from: `${dashboard}components/`,
    may: [...links, ...inside(dashboard, 'ui/')],
    packages: react,
    refuses: '../features/declare-partner-down/declare-partner-down-button.tsx',
  },
  {
    from: `${dashboard}ui/`,
    may: [],
    packages: ['react', 'react-dom', 'react-aria-components', 'react-router'],
    refuses: '@tandem/api-contract',
  },
]

const outsideRules: readonly ImportRule[] = [
  {
    from: 'e2e/',
    may: ['e2e/'],
    packages: [
      '@tandem/protocol',
      '@tandem/api-contract',
      '@axe-core/playwright',
      '@playwright/test',
      'vitest',
      'vitest/config',
      'ws',
      'node:*',
    ],
    refuses: '@tandem/engine',
  },
  {
    // It starts servers in namespaces just as the tests do.
    from: 'benchmarks/',
    may: ['benchmarks/', 'e2e/topology/'],
    packages: ['@tandem/protocol', '@tandem/engine', 'node:*'],
    refuses: '../apps/server/src/main.ts',
  },
  {
    // It times the storage itself, without a server around it.
    from: 'benchmarks/commit-pipeline/',
    // A cluster of its own is what the storage tests have too.
    may: ['benchmarks/', `${server}storage/`, `${server}storage/test-support/postgresql-cluster.ts`],
    packages: ['@tandem/protocol', '@tandem/engine', 'node:*'],
    refuses: '../../apps/server/src/engine/engine-driver.ts',
  },
  {
    // One of its contestants has a cluster of its own.
    from: 'benchmarks/leases-per-second/',
    may: ['benchmarks/', 'e2e/topology/', `${server}storage/test-support/postgresql-cluster.ts`],
    packages: ['@tandem/protocol', 'node:*'],
    refuses: '../../apps/server/src/storage/open-storage.ts',
  },
  {
    // Databases of servers, written and read by the servers' own code.
    from: 'benchmarks/filled-stores/',
    may: ['benchmarks/', `${server}storage/`],
    packages: ['@tandem/protocol', '@tandem/engine', 'node:*'],
    refuses: '../../apps/server/src/engine/engine-driver.ts',
  },
  {
    // The engine's tables, written down for browsers, which know no engine.
    from: 'tooling/failover-states/',
    may: [...inside(engine, 'failover/', 'time/'), `${contract}failover-states/`, `${contract}resources/`, 'tooling/'],
    packages: ['node:*'],
    refuses: '../../packages/engine/src/engine.ts',
  },
  {
    from: 'tooling/',
    may: ['tooling/'],
    packages: ['node:*', 'oxc-parser', 'vitest', 'vitest/config', 'yaml'],
    refuses: '@tandem/protocol',
  },
  // Read by the oldest Node there is, hence names without `node:`.
  {
    from: 'tooling/bootstrap/',
    may: ['tooling/bootstrap/'],
    packages: ['node:*', 'fs', 'path', 'url'],
    refuses: '../test/suite.ts',
  },
]

/** What several tests of a package share; the tests' own liberties hold there too. */
const testSupportRules: readonly ImportRule[] = [
  { from: 'packages/protocol/test-support/', may: [protocol], packages: [], refuses: '@tandem/engine' },
  { from: 'packages/engine/test-support/', may: [engine], packages: protocolOnly, refuses: '@tandem/api-contract' },
  { from: 'packages/api-contract/test-support/', may: [contract], packages: [], refuses: '@tandem/engine' },
  { from: 'apps/server/test-support/', may: [server], packages: [...serverLibraries, ...databases], refuses: 'react' },
]

export const importRules: readonly ImportRule[] = [
  ...protocolRules,
  ...engineRules,
  ...simulatorRules,
  ...contractRules,
  ...serverRules,
  ...dashboardRules,
  ...testSupportRules,
  ...outsideRules,
]

/** What a test may import by name besides what its own file may: it stands outside of the product. */
export const testPackages: readonly string[] = ['vitest', 'fast-check', 'standardwebhooks', 'node:*']
