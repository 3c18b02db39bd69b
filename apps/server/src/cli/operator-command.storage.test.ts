/** `tandem operator` and `tandem token` against the real database: what they print, what they change, what the audit has of it. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkPassword } from '../http/passwords.ts'
import { openConsoleDatabase } from '../storage/console-database.ts'
import { findOperatorByName } from '../storage/operators.queries.ts'
import { removeTestStorage, rowsOf, testStorageUrl } from '../storage/test-support/test-storage.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

let folder = ''
let storageUrl = ''

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-operator-'))
  storageUrl = await testStorageUrl(folder, 'gamma')
  writeFileSync(join(folder, 'gamma.yaml'), `node: { name: gamma, storage: '${storageUrl}', interfaces: [eth0] }\n`)
})

afterEach(async () => {
  await removeTestStorage(storageUrl)
  rmSync(folder, { recursive: true, force: true })
})

function tandem(...args: readonly string[]) {
  const command = ['--conditions=source', '--no-warnings', MAIN, ...args, '--config', 'gamma.yaml']
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' })
  return { status, stdout, stderr }
}

async function find(name: string) {
  const database = await openConsoleDatabase(storageUrl)
  try {
    return await findOperatorByName(database, name)
  } finally {
    await database.close()
  }
}

const acts = async () => rowsOf(storageUrl, 'SELECT "action", "target", "outcome" FROM "AuditEntry" ORDER BY "id"')

describe('an operator on the command line', () => {
  it('is added with a password that has to be replaced, and gets another when it is lost', async () => {
    const created = tandem('operator', 'create', 'ada', '--role', 'administrator')
    expect(created).toMatchObject({ status: 0 })
    expect(created.stderr).toContain('ada may sign in to gamma as administrator, with this password')
    const first = await find('ada')
    expect(first).toMatchObject({ role: 'administrator', passwordTemporary: true })
    expect(await checkPassword(first?.passwordHash, created.stdout.trim())).toBe(true)
    const reset = tandem('operator', 'reset-password', 'ada')
    expect(reset).toMatchObject({ status: 0 })
    const second = await find('ada')
    expect(await checkPassword(second?.passwordHash, reset.stdout.trim())).toBe(true)
    expect(await checkPassword(second?.passwordHash, created.stdout.trim())).toBe(false)
    expect(await acts()).toEqual([
      ['create-operator', 'ada', 'done'],
      ['reset-password', 'ada', 'done'],
    ])
    expect(tandem('operator', 'list').stdout).toMatch(
      /^NAME {2}ROLE {11}STATE {15}LAST SIGN-IN \(UTC\)\nada {3}administrator {2}temporary password {2}never\n$/,
    )
  })

  it('is changed and removed, but never the last administrator', async () => {
    tandem('operator', 'create', 'ada', '--role', 'administrator')
    tandem('operator', 'create', 'bob', '--role', 'viewer')
    expect(tandem('operator', 'change', 'bob', '--role', 'operator', '--disable').stdout).toBe(
      'bob: operator, disabled.\n',
    )
    expect(tandem('operator', 'change', 'bob', '--enable').stdout).toBe('bob: operator, may sign in.\n')
    const sentence = 'ada is the last administrator who may sign in: make another operator an administrator first.\n'
    for (const args of [
      ['change', 'ada', '--role', 'viewer'],
      ['change', 'ada', '--disable'],
      ['remove', 'ada'],
    ]) {
      expect(tandem('operator', ...args)).toEqual({ status: 1, stdout: '', stderr: sentence })
    }
    expect(tandem('operator', 'remove', 'bob').stdout).toBe('bob is removed.\n')
    expect(await find('bob')).toBeNull()
    expect(await find('ada')).toMatchObject({ role: 'administrator', disabled: false })
  })

  it.each([
    [['create', 'x y', '--role', 'viewer'], /^"x y" is no name: Begin with a letter or digit/],
    [['create', 'ada', '--role', 'king'], /^"king" is no role: write viewer, operator, administrator\.\n$/],
    [['reset-password', 'nobody'], /^gamma has no operator named nobody; "tandem operator list" shows them\.\n$/],
    [['change', 'ada'], /^Write --role, --disable or --enable\.\n$/],
    [['change', 'ada', '--enable', '--disable'], /^Write --disable or --enable, not both\.\n$/],
  ])('%j is refused in one sentence', (args, sentence) => {
    const { status, stdout, stderr } = tandem('operator', ...args)
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(sentence)
  })
})

describe('a token on the command line', () => {
  it('has a scope, is listed without its secret, and is revoked', async () => {
    const made = tandem(
      'token',
      'create',
      '--role',
      'operator',
      '--name',
      'routes',
      '--scope',
      'leases.read, status.read',
    )
    expect(made.stderr).toContain('with the role operator, only for leases.read, status.read, shown only this once')
    const list = tandem('token', 'list').stdout
    expect(list).toMatch(/operator {2}leases\.read,status\.read {2}never {12}never {7}routes\n$/)
    expect(list).not.toContain(made.stdout.trim())
    const id = /^\S{36}/m.exec(list)?.[0] ?? ''
    expect(tandem('token', 'revoke', id).stdout).toBe('The token for routes is revoked.\n')
    expect(tandem('token', 'list').stdout.split('\n')).toHaveLength(2)
    expect(tandem('token', 'revoke', id).stderr).toContain(`gamma has no API token with the id ${id}`)
    expect(await acts()).toEqual([
      ['create-api-token', 'routes', 'done'],
      ['revoke-api-token', 'routes', 'done'],
    ])
  })

  it.each([
    ['operators.manage', /^"operators\.manage" cannot be in a scope: write some of status\.read, /],
    ['audit.read', /^audit\.read is more than the role viewer may do\.\n$/],
  ])('with the scope %s is refused in one sentence', (scope, sentence) => {
    const { status, stdout, stderr } = tandem('token', 'create', '--role', 'viewer', '--scope', scope)
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(sentence)
  })
})
