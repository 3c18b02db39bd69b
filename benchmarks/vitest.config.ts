/** The tests of the benchmark's own arithmetic. */
import { unitTests } from '../tooling/vitest/project.ts'

export default unitTests('benchmarks', { test: { include: ['**/*.test.ts'] } })
