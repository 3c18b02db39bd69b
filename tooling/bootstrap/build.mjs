/** Sets the workspace up and builds it, without starting anything: what an installation needs. */
import { dirname } from 'path'
import { fileURLToPath } from 'url'
import { insistOnRequirements } from './requirements.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
insistOnRequirements(root)
// What follows is read only after the Node was found new enough.
void import('./run.mjs').then(({ prepareOnly }) => prepareOnly(root))
