/** A second server on the same storage is refused; a dead one is no obstacle. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStorage } from './open-storage.ts'
import { lockStorage, type StorageLock } from './storage-lock.ts'
import { openTestStorage, type TestStorage } from './test-support/test-storage.ts'

let storage: TestStorage
let held: StorageLock | undefined

beforeEach(async () => {
  storage = await openTestStorage()
})

afterEach(async () => {
  await held?.release()
  held = undefined
  await storage.close()
})

/** Tries in a process of its own and then dies without releasing anything. */
function tryElsewhere(): string {
  const module = fileURLToPath(new URL('./storage-lock.ts', import.meta.url))
  const program = `
    const { lockStorage } = await import(${JSON.stringify(module)})
    try { await lockStorage(${JSON.stringify(storage.storageUrl)}); console.log('locked') } catch (error) { console.log(error.message) }
    process.kill(process.pid, 'SIGKILL')`
  try {
    return execFileSync(process.execPath, ['--conditions=source', '--input-type=module', '-e', program], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && typeof error.stdout === 'string') return error.stdout
    throw error
  }
}

test('a second server is refused in one sentence while the first one runs', async () => {
  held = await lockStorage(storage.storageUrl)
  expect(tryElsewhere()).toContain('is in use by another running server')
})

test('a server that was killed leaves no lock behind', async () => {
  expect(tryElsewhere()).toContain('locked')
  held = await lockStorage(storage.storageUrl)
})

test('commands beside a running server still open the storage itself', async () => {
  held = await lockStorage(storage.storageUrl)
  const opened = await openStorage(storage.storageUrl, 0)
  expect(opened.serverDuid).toMatch(/^[0-9a-f]+$/u)
  await opened.close()
})
