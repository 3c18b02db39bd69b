/** `npm run bench`: sets the workspace up and runs one benchmark; benchmarks/README.md says which and how. */
import { dirname, join } from 'path'
import { fileURLToPath } from 'url'
import { insistOnRequirements } from './requirements.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
insistOnRequirements(root)
// What follows is read only after the Node was found new enough.
void import('./run.mjs').then(({ runPrepared }) =>
  runPrepared(root, (node) => [node, join(root, 'benchmarks', 'run.ts')], []),
)
