/** Unit tests of @tandem/simulator. */
import { unitTests } from '../../tooling/vitest/project.ts'

export default unitTests('simulator')
