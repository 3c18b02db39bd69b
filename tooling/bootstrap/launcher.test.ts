/** `bin/tandem` becomes the program that it starts, and says in one sentence why it cannot. */
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { workspaceRoot } from '../source-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'tandem-launcher-'))
const launcher = join(folder, 'bin/tandem')
const program = join(folder, 'apps/server/dist/cli/main.js')
cpSync(join(workspaceRoot, 'bin/tandem'), launcher)
chmodSync(launcher, 0o755)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(command: string, ...args: readonly string[]) {
  return spawnSync(command, args, { cwd: '/', encoding: 'utf8' })
}

describe('the launcher', () => {
  it('says in one sentence that nothing is installed, and then that nothing is built', () => {
    expect(run(launcher, 'version')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Tandem is not installed yet: [^\n]+\.\n$/),
    })
    symlinkSync(join(workspaceRoot, 'node_modules'), join(folder, 'node_modules'))
    expect(run(launcher, 'version')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Tandem is not built yet: [^\n]+\.\n$/),
    })
  })

  it('hands arguments and exit code through as they are, from any folder and through a link', () => {
    mkdirSync(dirname(program), { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(program, `console.log(JSON.stringify(process.argv.slice(2))); process.exit(5)`)
    const link = join(folder, 'link')
    symlinkSync(launcher, link)
    for (const command of [launcher, link]) {
      const { status, stdout } = run(command, 'a b', '', '--x=$HOME')
      expect([status, stdout]).toEqual([5, '["a b","","--x=$HOME"]\n'])
    }
  })

  it('runs on the pinned Node in the very process that was started', () => {
    writeFileSync(program, `console.log(process.pid, process.versions.node.split('.')[0])`)
    const { pid, stdout } = run(launcher)
    expect(stdout).toBe(`${pid} 24\n`)
  })
})
