/** The Vitest settings that every package shares: workspace packages are read from source, and one kind of test runs at a time. */
import { defineConfig } from 'vitest/config'
import type { ViteUserConfig } from 'vitest/config'

/** Node gets these too, for `require` as for `import`: a condition that is meant for one of the two must not stand here. */
const sourceFirst = ['source', 'node', 'development|production']

const TEST_TIMEOUT_MS = 60_000

/** `*.test.ts` and `*.test.tsx`, without the kinds that need a database or a browser. */
export function unitTests(name: string, more: ViteUserConfig = {}): ViteUserConfig {
  return project(name, ['src/**/*.test.ts', 'src/**/*.test.tsx'], ['**/*.storage.test.ts', '**/*.browser.test.*'], more)
}

/** `*.storage.test.ts`: against the real database. */
export function storageTests(name: string, more: ViteUserConfig = {}): ViteUserConfig {
  return project(name, ['src/**/*.storage.test.ts'], [], more)
}

function project(
  name: string,
  include: readonly string[],
  exclude: readonly string[],
  more: ViteUserConfig,
): ViteUserConfig {
  return defineConfig({
    ...more,
    resolve: { conditions: sourceFirst, ...more.resolve },
    ssr: { resolve: { conditions: sourceFirst, externalConditions: sourceFirst } },
    test: {
      name,
      include: [...include],
      exclude: ['**/node_modules/**', '**/dist/**', ...exclude],
      environment: 'node',
      passWithNoTests: true,
      // For what hangs. Tests that measure speed say so and have limits of their own; a busy machine is no failure.
      testTimeout: TEST_TIMEOUT_MS,
      // Some make keys and certificates, which takes long where many want the processor.
      hookTimeout: TEST_TIMEOUT_MS,
      ...more.test,
    },
  })
}
