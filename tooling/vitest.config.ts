/** The tests of the tooling itself. */
import { unitTests } from './vitest/project.ts'

export default { ...unitTests('tooling'), test: { ...unitTests('tooling').test, include: ['**/*.test.ts'] } }
