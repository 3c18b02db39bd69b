/** From a fresh clone to a built workspace: packages through pnpm (which npm fetches), then the build; seconds when nothing changed. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findPinnedNode, noPinnedNode } from './pinned-node.mjs'

/** What npm has fetched before is taken as it is: a later start works without a network, and at once. */
export const NPX_FLAGS = ['--yes', '--prefer-offline']

const REMINDER_EVERY_MS = 10_000
const OUTPUT_KEPT_ON_FAILURE = 16_000

/** A step of the set-up that did not work; its message is all that the user needs to see. */
export class PreparationFailed extends Error {}

/**
 * @param {string} root the workspace
 * @param {(line: string) => void} say
 * @returns {Promise<string>} the Node to run everything else on
 */
export async function prepare(root, say) {
  const pnpm = readPnpmVersion(root)
  await install(root, pnpm, say)
  const node = findPinnedNode(root)
  if (node === undefined) throw new PreparationFailed(noPinnedNode(root))
  await build(root, pnpm, say)
  return node
}

/** @param {string} root @returns {string} for example `pnpm@12.21.0` */
export function readPnpmVersion(root) {
  /** @type {unknown} */
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  if (typeof manifest === 'object' && manifest !== null && 'packageManager' in manifest) {
    return String(manifest.packageManager)
  }
  throw new PreparationFailed('package.json does not name its package manager.')
}

/** @param {string} root @param {string} pnpm @param {(line: string) => void} say */
async function install(root, pnpm, say) {
  const stampFile = join(root, 'node_modules', '.tandem-installed')
  const stamp = installStamp(root, pnpm)
  if (readIfPresent(stampFile) === stamp && findPinnedNode(root) !== undefined) return
  await step(root, say, 'Installing packages', [pnpm, 'install', '--frozen-lockfile', '--reporter=append-only'])
  writeFileSync(stampFile, stamp)
}

/** @param {string} root @param {string} pnpm @param {(line: string) => void} say */
async function build(root, pnpm, say) {
  await step(root, say, 'Building', [pnpm, 'exec', 'turbo', 'run', 'build', '--output-logs=errors-only'])
}

/**
 * Everything that decides what an install puts into node_modules.
 * @param {string} root @param {string} pnpm @returns {string}
 */
function installStamp(root, pnpm) {
  const hash = createHash('sha256').update(`${pnpm} ${process.platform} ${process.arch}`)
  for (const file of manifests(root)) hash.update(`\n${file}\n`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

/** @param {string} root @returns {string[]} */
function manifests(root) {
  const members = ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(group, name)),
  )
  return ['.', ...members, 'e2e', 'benchmarks']
    .map((folder) => join(folder, 'package.json'))
    .concat('pnpm-lock.yaml', 'pnpm-workspace.yaml')
    .filter((file) => existsSync(join(root, file)))
}

/** @param {string} file @returns {string | undefined} */
function readIfPresent(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/**
 * Runs one program quietly: a line when it starts and ends, its own words only if it fails.
 * @param {string} root @param {(line: string) => void} say @param {string} title @param {readonly string[]} args for npx
 */
async function step(root, say, title, args) {
  const startedAt = Date.now()
  const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`
  say(`${title} ...`)
  const reminder = setInterval(() => say(`  still ${title.toLowerCase()} (${seconds()})`), REMINDER_EVERY_MS)
  try {
    const { code, output } = await quietly('npx', [...NPX_FLAGS, ...args], root)
    if (code !== 0) throw new PreparationFailed(`${output.trimEnd()}\n\n${title} failed (exit code ${code}).`)
  } finally {
    clearInterval(reminder)
  }
  say(`${title} done (${seconds()})`)
}

/**
 * @param {string} command @param {readonly string[]} args @param {string} cwd
 * @returns {Promise<{ code: number, output: string }>}
 */
function quietly(command, args, cwd) {
  // Nothing may ask a question: nobody is there to answer it.
  const env = {
    ...process.env,
    CI: 'true',
    DO_NOT_TRACK: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
  }
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    /** @param {Buffer} chunk */
    const keep = (chunk) => {
      output = (output + chunk.toString('utf8')).slice(-OUTPUT_KEPT_ON_FAILURE)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', reject)
    child.once('close', (code, signal) =>
      resolve({ code: code ?? 1, output: signal ? `${output}\n${signal}` : output }),
    )
  })
}
