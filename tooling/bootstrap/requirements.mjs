/** What a machine must offer before anything is installed. Written so that even a very old Node can read this file and say what is wrong. */
import { accessSync, constants, rmSync, writeFileSync } from 'fs'
import { join } from 'path'

/** The oldest Node that can run npm's and our own set-up; everything after it runs on the pinned Node. */
export const OLDEST_NODE = { major: 20, minor: 19 }

/**
 * @param {string} version as in `process.versions.node`
 * @returns {string | undefined} one sentence, if this Node is too old
 */
export function nodeTooOld(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const enough = major > OLDEST_NODE.major || (major === OLDEST_NODE.major && minor >= OLDEST_NODE.minor)
  if (enough) return undefined
  return (
    'Tandem needs Node ' +
    OLDEST_NODE.major +
    '.' +
    OLDEST_NODE.minor +
    ' or newer to set itself up, and this is Node ' +
    version +
    ': please install a newer Node (https://nodejs.org) and run the same command again.'
  )
}

/**
 * @param {string} folder where packages and builds will be written
 * @returns {string | undefined} one sentence, if nothing can be written there
 */
export function folderNotWritable(folder) {
  const probe = join(folder, '.tandem-write-probe-' + process.pid)
  try {
    accessSync(folder, constants.W_OK)
    writeFileSync(probe, '')
    rmSync(probe)
    return undefined
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ' (' + String(error.code) + ')' : ''
    return (
      'Tandem cannot write to ' +
      folder +
      reason +
      ': please copy it to a folder that is yours, or change the permissions of this one, and run the same command again.'
    )
  }
}

/**
 * Ends the process with one sentence if the machine cannot do it.
 * @param {string} folder
 * @returns {void}
 */
export function insistOnRequirements(folder) {
  const complaint = nodeTooOld(process.versions.node) || folderNotWritable(folder)
  if (complaint === undefined) return
  process.stderr.write(complaint + '\n')
  process.exit(1)
}
