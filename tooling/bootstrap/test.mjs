/** `npm test`: sets the workspace up and runs every test; `-- --quick` leaves out the browser and the network namespaces. */
import { dirname, join } from 'path'
import { fileURLToPath } from 'url'
import { insistOnRequirements } from './requirements.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
insistOnRequirements(root)
// What follows is read only after the Node was found new enough.
void import('./run.mjs').then(async ({ runPrepared }) => {
  const started = await runPrepared(root, (node) => [node, join(root, 'tooling', 'test', 'run.ts')], ['quick'])
  // Also a run that could not begin ends with its count.
  if (!started) process.stdout.write('0 passed, 1 failed\n')
})
