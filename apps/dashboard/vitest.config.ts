/** Unit tests of @tandem/dashboard; the pages are tested in a browser, in e2e/console. */
import { unitTests } from '../../tooling/vitest/project.ts'

export default unitTests('dashboard')
