/** Prepares the workspace, then hands over to a program. The scripts of package.json begin with `exec`, so that a signal to npm reaches us and not a shell. */
import { PreparationFailed, prepare } from './prepare.mjs'
import { runChild } from './run-child.mjs'

/**
 * @param {string} root the workspace
 * @returns {Promise<string | undefined>} the Node to run on; none, and an exit code, if the set-up failed
 */
export async function prepareOnly(root) {
  try {
    return await prepare(root, (line) => process.stdout.write(`${line}\n`))
  } catch (error) {
    if (!(error instanceof PreparationFailed)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
    return undefined
  }
}

/**
 * @param {string} root the workspace
 * @param {(node: string) => readonly [string, ...string[]]} program and its first arguments
 * @param {readonly string[]} flags that npm swallows if the user forgets the `--` before them
 * @returns {Promise<boolean>} whether the program was started at all
 */
export async function runPrepared(root, program, flags) {
  const node = await prepareOnly(root)
  if (node === undefined) return false
  const [command, ...first] = program(node)
  const given = process.argv.slice(2)
  const swallowed = flags
    .filter((flag) => process.env[`npm_config_${flag}`] === 'true')
    .map((flag) => `--${flag}`)
    .filter((flag) => !given.includes(flag))
  process.exitCode = await runChild(command, [...first, ...swallowed, ...given], { cwd: root })
  return true
}
