/** Prepares the workspace, then hands over to a program on the pinned Node. */
import { join } from 'node:path'
import { PreparationFailed, prepare } from './prepare.mjs'
import { runChild } from './run-child.mjs'

/**
 * @param {string} root the workspace
 * @param {readonly [string, ...string[]]} program a script in the workspace, and its first arguments
 * @param {readonly string[]} flags that npm swallows if the user forgets the `--` before them
 * @returns {Promise<void>}
 */
export async function runPrepared(root, program, flags) {
  const [script, ...first] = program
  const swallowed = flags.filter((flag) => process.env[`npm_config_${flag}`] === 'true').map((flag) => `--${flag}`)
  const args = [...new Set([...swallowed, ...process.argv.slice(2)])]
  try {
    const node = await prepare(root, (line) => process.stdout.write(`${line}\n`))
    process.exitCode = await runChild(node, [join(root, script), ...first, ...args], { cwd: root })
  } catch (error) {
    if (!(error instanceof PreparationFailed)) throw error
    process.stderr.write(`${error.message}\n`)
    // The test command always ends with its count, also when there was nothing to test.
    if (script.includes('/test/')) process.stdout.write('0 passed, 1 failed\n')
    process.exitCode = 1
  }
}
