/** Real programs in network namespaces: one file at a time for each run, since a file owns its topology. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['source', 'module', 'node', 'import', 'development|production', 'default'] },
  ssr: { resolve: { conditions: ['source', 'module', 'node', 'import', 'development|production', 'default'] } },
  test: {
    name: 'network',
    root: import.meta.dirname,
    include: ['network/**/*.e2e.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
})
