/** Unit tests of @tandem/protocol. */
import { unitTests } from '../../tooling/vitest/project.ts'

export default unitTests('protocol')
