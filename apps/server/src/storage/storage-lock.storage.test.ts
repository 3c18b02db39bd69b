/** A second server on the same database is refused; a dead one is no obstacle. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStorage, StorageUnusable } from './open-storage.ts'
import { lockStorage, type StorageLock } from './storage-lock.ts'

let folder: string
let held: StorageLock | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-lock-'))
})

afterEach(() => {
  held?.release()
  held = undefined
  rmSync(folder, { recursive: true, force: true })
})

const storageUrl = (): string => `file:${join(folder, 'alpha.db')}`

/** Tries in a process of its own and then dies without releasing anything. */
function tryElsewhere(): string {
  const module = fileURLToPath(new URL('./storage-lock.ts', import.meta.url))
  const program = `
    const { lockStorage } = await import(${JSON.stringify(module)})
    try { lockStorage(${JSON.stringify(storageUrl())}); console.log('locked') } catch (error) { console.log(error.message) }
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

test('a second server is refused in one sentence while the first one runs', () => {
  held = lockStorage(storageUrl())
  expect(tryElsewhere()).toContain('is in use by another running server')
})

test('a server that was killed leaves no lock behind', () => {
  expect(tryElsewhere()).toContain('locked')
  held = lockStorage(storageUrl())
})

test('commands beside a running server still open the storage itself', () => {
  held = lockStorage(storageUrl())
  const storage = openStorage(storageUrl(), 0)
  expect(storage.serverDuid).toMatch(/^[0-9a-f]+$/u)
  storage.close()
})

test('a folder that cannot be made is told as such', () => {
  const notAFolder = join(folder, 'a-file')
  writeFileSync(notAFolder, '')
  expect(() => lockStorage(`file:${join(notAFolder, 'alpha.db')}`)).toThrow(StorageUnusable)
})
