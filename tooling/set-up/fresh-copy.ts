/** The workspace as a stranger gets it: the source alone, in an empty folder, with an empty home beside it. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { workspaceRoot } from '../source-files.ts'

/** What a clone does not hold. */
const LEFT_OUT = [
  '.git',
  'node_modules',
  'dist',
  'apps/server/src/storage/generated',
  '.turbo',
  'demo-data',
  'test-results',
]

export type FreshCopy = {
  readonly folder: string
  /** For child processes: no npm cache and no package store yet. */
  readonly env: NodeJS.ProcessEnv
  readonly remove: () => void
}

export function freshCopy(): FreshCopy {
  const parent = mkdtempSync(join(tmpdir(), 'tandem-fresh-'))
  const [folder, home] = [join(parent, 'tandem'), join(parent, 'home')]
  mkdirSync(folder)
  mkdirSync(home)
  const exclude = LEFT_OUT.map((name) => `--exclude=${name}`)
  const pack = `tar ${exclude.join(' ')} -cf - . | tar -C "$TARGET" -xf -`
  const env = { ...process.env, TARGET: folder }
  const { status, stderr } = spawnSync('sh', ['-c', pack], { cwd: workspaceRoot, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`could not copy the workspace: ${stderr}`)
  return {
    folder,
    env: strangerEnv(home),
    remove: () => rmSync(parent, { recursive: true, force: true }),
  }
}

/** The environment of somebody who has just got here. Where npm finds its registry stays as it is; what it has fetched does not. */
export function strangerEnv(home: string): NodeJS.ProcessEnv {
  return { ...process.env, HOME: home, npm_config_cache: join(home, '.npm') }
}
