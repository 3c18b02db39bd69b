/** Unit tests of @tandem/api-contract. */
import { unitTests } from '../../tooling/vitest/project.ts'

export default unitTests('api-contract')
