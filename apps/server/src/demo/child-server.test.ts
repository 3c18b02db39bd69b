/** One server of the demo as a process: seen to start, seen to die, and stopped in order. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ChildServer, type ChildServerEvents } from './child-server.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-child-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** A server that does what the script says, in a file that can be run. */
function server(script: string) {
  const program = join(folder, 'server')
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' -e '${script}' -- "$@"\n`)
  chmodSync(program, 0o755)
  const events = { line: vi.fn<ChildServerEvents['line']>(), died: vi.fn<ChildServerEvents['died']>() }
  const log = join(folder, 'server.log')
  return { child: new ChildServer('alpha', { configuration: 'alpha.yaml', log }, events, program), events, log }
}

const SERVES = `process.on("SIGTERM", () => { console.log("goodbye"); process.exit(0) });
process.stdin.resume(); process.stdin.on("end", () => process.exit(7)); setInterval(() => {}, 1000);
console.log("starting " + process.argv.slice(1).join(" ")); console.log("ready {}")`

test('it counts as started at its ready line, is told to end with its input, and keeps a log', async () => {
  const { child, events, log } = server(SERVES)
  await child.start()
  expect(child.isRunning).toBe(true)
  await child.stop()
  expect(child.isRunning).toBe(false)
  expect(events.died).not.toHaveBeenCalled()
  await vi.waitFor(() =>
    expect(readFileSync(log, 'utf8')).toBe('starting serve --config alpha.yaml --stop-with-input\nready {}\ngoodbye\n'),
  )
})

test('a death is reported with the signal, and the server can be started again', async () => {
  const { child, events } = server(SERVES)
  await child.start()
  const { pid } = child
  process.kill(pid ?? 0, 'SIGKILL')
  await vi.waitFor(() =>
    expect(events.died).toHaveBeenCalledWith('alpha', 'SIGKILL', expect.arrayContaining(['ready {}'])),
  )
  expect(child.isRunning).toBe(false)
  await child.start()
  expect(child.pid).not.toBe(pid)
  await child.stop()
})

test('a server that ends before it is ready fails the start with its last words', async () => {
  const { child } = server('console.error("the port is taken"); process.exit(3)')
  await expect(child.start()).rejects.toThrow('alpha ended (exit code 3) before it was ready:\nthe port is taken')
})
