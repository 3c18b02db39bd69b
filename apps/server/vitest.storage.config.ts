/** The tests of @tandem/server that need the real database. */
import { storageTests } from '../../tooling/vitest/project.ts'

export default storageTests('server-storage')
