/** The set-up as a stranger meets it: whole programs in empty folders, one after the other. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'set-up',
    root: import.meta.dirname,
    include: ['set-up/**/*.e2e.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
})
