/** Unit tests of @tandem/server; those against the database are in vitest.storage.config.ts. */
import { unitTests } from '../../tooling/vitest/project.ts'

export default unitTests('server')
