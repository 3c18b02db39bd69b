/** Finds the Node that everything but the set-up runs on: the one in the lock file, or the caller's own where npm has none for this machine. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const MAJOR = 24

/**
 * The binary itself, never a shell shim: signals must reach the process that we start.
 * @param {string} root the workspace
 * @returns {string | undefined}
 */
export function findPinnedNode(root) {
  const fromNpm = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  if (existsSync(fromNpm)) return fromNpm
  return Number(process.versions.node.split('.')[0]) >= MAJOR ? process.execPath : undefined
}

/**
 * @param {string} root the workspace
 * @returns {string}
 */
export function noPinnedNode(root) {
  return existsSync(join(root, 'node_modules'))
    ? `Tandem runs on Node ${MAJOR}, which npm does not carry for ${process.platform} on ${process.arch}: please install Node ${MAJOR} or newer yourself.`
    : 'Tandem is not installed yet: please run `npm start` (or `npm test`) here once.'
}
