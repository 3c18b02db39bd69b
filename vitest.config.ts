/** All unit tests of the workspace in one run: every package, and the tooling itself. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: ['packages/*', 'apps/*', 'benchmarks', 'tooling'],
  },
})
