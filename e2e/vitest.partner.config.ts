/** The independent partner of `e2e/partner` against a real server on the loopback interface: no root, no namespaces. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'partner',
    root: import.meta.dirname,
    include: ['partner/**/*.e2e.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
