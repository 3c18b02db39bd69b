/** `npm start`: sets the workspace up and starts the demo cluster. */
import { dirname, join } from 'path'
import { fileURLToPath } from 'url'
import { insistOnRequirements } from './requirements.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
insistOnRequirements(root)
// What follows is read only after the Node was found new enough.
void import('./run.mjs').then(({ runPrepared }) =>
  runPrepared(root, () => [join(root, 'bin', 'tandem'), 'demo'], ['fresh']),
)
