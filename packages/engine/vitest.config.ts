/** Unit tests of @tandem/engine. */
import { unitTests } from '../../tooling/vitest/project.ts'

export default unitTests('engine')
