/** The script inside the Dockerfile, run where there is no container: in an empty folder, with an empty home. */
import { spawnSync } from 'node:child_process'
import type { SpawnSyncReturns } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { workspaceRoot } from '../source-files.ts'
import { strangerEnv } from './fresh-copy.ts'

const script = join(workspaceRoot, 'tooling/container/install.sh')

function run(command: string, args: readonly string[], home: string): SpawnSyncReturns<string> {
  return spawnSync(command, args, { cwd: home, env: strangerEnv(home), encoding: 'utf8', timeout: 230_000 })
}

describe('installing into an empty folder', () => {
  let folder = ''
  let installed: SpawnSyncReturns<string>
  const target = () => join(folder, 'opt', 'tandem')
  const home = () => join(folder, 'home')

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-install-'))
    mkdirSync(home())
    installed = run(script, [workspaceRoot, target()], home())
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('ends well', () => {
    expect(installed.status, installed.stdout + installed.stderr).toBe(0)
  })

  it('leaves an executable that answers from any folder', () => {
    const { status, stdout, stderr } = run(join(target(), 'bin/tandem'), ['version'], home())
    expect(status, stderr).toBe(0)
    expect(stdout).toMatch(/\b\d+\.\d+\.\d+\b/)
  })

  it('brings the console along, and leaves the tools of the build out', () => {
    expect(existsSync(join(target(), 'apps/dashboard/dist/index.html'))).toBe(true)
    expect(existsSync(join(target(), 'apps/server/node_modules/better-sqlite3'))).toBe(true)
    for (const tool of ['node_modules/turbo', 'node_modules/vitest', 'apps/dashboard/node_modules/vite']) {
      expect(existsSync(join(target(), tool)), tool).toBe(false)
    }
  })

  it('refuses a folder that is not empty, and leaves it as it was', () => {
    const used = join(folder, 'used')
    mkdirSync(used)
    writeFileSync(join(used, 'letter.txt'), 'dear')
    const { status, stderr } = run(script, [workspaceRoot, used], home())
    expect(status).toBe(1)
    expect(stderr).toContain('is not empty')
    expect(existsSync(join(used, 'package.json'))).toBe(false)
  })
})
