/** No WebAssembly code is removed while the console works, as V8 itself tells; without that it is, at once. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTestStorage, type TestStorage } from './test-support/test-storage.ts'

const PROGRAM = fileURLToPath(new URL('test-support/many-queries.ts', import.meta.url))
const run = promisify(execFile)

let present: TestStorage
beforeEach(async () => {
  present = await openTestStorage()
})
afterEach(async () => present.close())

/** How often V8 began to remove code while many different queries were asked. */
async function removals(...args: readonly string[]): Promise<number> {
  // Under stress V8 begins at once, and not when enough has gathered: how much that is depends on how busy the machine is.
  const flags = ['--conditions=source', '--no-warnings', '--trace-wasm-code-gc', '--stress-wasm-code-gc']
  const { stdout } = await run(process.execPath, [...flags, PROGRAM, present.storageUrl, ...args])
  expect(stdout).toContain('asked')
  return stdout.split('\n').filter((line) => line.includes('Starting GC')).length
}

test('code that is not needed any more stays', async () => {
  expect(await removals('removing')).toBeGreaterThan(0)
  expect(await removals()).toBe(0)
})
