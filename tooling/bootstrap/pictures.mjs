/** `npm run pictures`: sets the workspace up and takes the pictures of every screen of the console, into docs/console. */
import { dirname, join } from 'path'
import { fileURLToPath } from 'url'
import { insistOnRequirements } from './requirements.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
insistOnRequirements(root)
// What follows is read only after the Node was found new enough.
void import('./run.mjs').then(({ runPrepared }) =>
  runPrepared(root, (node) => [node, join(root, 'tooling', 'pictures', 'run.ts')], []),
)
