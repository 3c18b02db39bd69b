/** Whoever starts us can stop us: a signal reaches the child once, and its end is ours. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'

const runChildUrl = pathToFileURL(join(import.meta.dirname, 'run-child.mjs')).href

/** A parent that runs `program` as its child, as the set-up runs the demo. */
function startParentOf(program: string): ChildProcess {
  const parent = `
    import { runChild } from '${runChildUrl}'
    process.exitCode = await runChild(process.execPath, ['-e', ${JSON.stringify(program)}], { cwd: '.' })
    process.stdout.write('parent ends\\n')`
  return spawn(process.execPath, ['--input-type=module', '-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function outputAndCode(parent: ChildProcess, onReady: () => void): Promise<{ output: string; code: unknown }> {
  let output = ''
  parent.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (text.includes('ready')) onReady()
  })
  await once(parent, 'close')
  return { output, code: parent.exitCode }
}

describe('running a child in our place', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'hands %s on, waits for the child to finish, and ends with its exit code',
    async (signal) => {
      const parent = startParentOf(`
      let signals = 0
      process.on('${signal}', () => { signals += 1; setTimeout(() => { console.log('cleaned up', signals); process.exit(7) }, 300) })
      console.log('ready'); setInterval(() => {}, 1000)`)
      const { output, code } = await outputAndCode(parent, () => parent.kill(signal))
      expect(output).toBe('ready\ncleaned up 1\nparent ends\n')
      expect(code).toBe(7)
    },
  )

  it('hands a signal that comes twice on once', async () => {
    const parent = startParentOf(`
      let signals = 0
      process.on('SIGTERM', () => { signals += 1; setTimeout(() => { console.log('signals', signals); process.exit(0) }, 400) })
      console.log('ready'); setInterval(() => {}, 1000)`)
    const { output, code } = await outputAndCode(parent, () => {
      parent.kill('SIGTERM')
      setTimeout(() => parent.kill('SIGTERM'), 100)
    })
    expect(output).toContain('signals 1\n')
    expect(code).toBe(0)
  })

  it('ends with 128 and the number of the signal that ended the child', async () => {
    const parent = startParentOf(`console.log('ready'); process.kill(process.pid, 'SIGKILL')`)
    const { code } = await outputAndCode(parent, () => undefined)
    expect(code).toBe(137)
  })
})
