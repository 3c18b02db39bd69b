/** `tandem token create` against the real database: the secret is printed once and stored as a hash only. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findApiTokenBySecret } from '../storage/api-tokens.queries.ts'
import { openConsoleDatabase } from '../storage/console-database.ts'
import { openWorkerStore } from '../storage/open-worker-store.ts'
import { keepAll } from '../storage/test-support/fixtures.ts'
import { removeTestStorage, rowsOf, testStorageUrl } from '../storage/test-support/test-storage.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

let folder = ''
let storageUrl = ''

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-token-'))
  storageUrl = await testStorageUrl(folder, 'gamma')
  writeFileSync(join(folder, 'gamma.yaml'), `node: { name: gamma, storage: '${storageUrl}', interfaces: [eth0] }\n`)
})

afterEach(async () => {
  await removeTestStorage(storageUrl)
  rmSync(folder, { recursive: true, force: true })
})

function createToken(...args: readonly string[]) {
  const command = ['--conditions=source', '--no-warnings', MAIN, 'token', 'create', '--config', 'gamma.yaml', ...args]
  return spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' })
}

async function find(secret: string) {
  const database = await openConsoleDatabase(storageUrl)
  try {
    return await findApiTokenBySecret(database, secret)
  } finally {
    await database.close()
  }
}

test('a server that never ran gets a token that is good when it starts', async () => {
  const beforeMs = Date.now()
  const { status, stdout, stderr } = createToken('--role', 'operator', '--name', 'backup script', '--expires', '90d')
  expect(stderr).toContain('role operator, shown only this once. It ends in 90d.')
  expect(status).toBe(0)
  const row = await find(stdout.trim())
  expect(row).toMatchObject({ name: 'backup script', role: 'operator' })
  expect(Number(row?.expiresAt) - beforeMs).toBeGreaterThanOrEqual(90 * 86_400_000)
  expect(JSON.stringify(await rowsOf(storageUrl, 'SELECT * FROM "ApiToken"'))).not.toContain(stdout.trim())
})

test('a second writer on the database, as a running server is, does not stand in the way', async () => {
  expect(createToken('--role', 'viewer').status).toBe(0)
  const server = await openWorkerStore(storageUrl, keepAll)
  try {
    const { status, stdout } = createToken('--role', 'administrator')
    expect(status).toBe(0)
    expect(await find(stdout.trim())).toMatchObject({ role: 'administrator', expiresAt: null })
  } finally {
    await server.close()
  }
})

test.each([
  [['--role', 'king'], '"king" is no role: write viewer, operator, administrator.\n'],
  [['--role', 'viewer', '--expires', 'soon'], '--expires takes a duration such as 90d or 12h, not "soon".\n'],
])('%j is refused in one sentence', (args, sentence) => {
  const { status, stderr, stdout } = createToken(...args)
  expect([status, stderr, stdout]).toEqual([1, sentence, ''])
})
