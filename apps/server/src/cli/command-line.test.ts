/** The command line as a user meets it: a process, its words and its exit code. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const GOOD = `node: { name: gamma, storage: 'file:./gamma.db', interfaces: [eth0] }
subnets:
  - { prefix: '2001:db8::/64', interfaces: [eth0], addressPools: ['2001:db8::1000/116'] }
`

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-cli-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function tandem(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=source', '--no-warnings', MAIN, ...args],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  )
  return { status, stdout, stderr }
}

test('check says ok for a right file', () => {
  writeFileSync(join(folder, 'gamma.yaml'), GOOD)
  expect(tandem('check', 'gamma.yaml')).toEqual({
    status: 0,
    stdout: 'gamma.yaml: ok (server gamma; 1 subnet)\n',
    stderr: '',
  })
})

test('check names file, line, field and remedy of each problem, and exits with 1', () => {
  writeFileSync(
    join(folder, 'gamma.yaml'),
    GOOD.replace('2001:db8::1000/116', '2001:db8:9::/64').replace('gamma,', 'gamma, color: red,'),
  )
  const { status, stderr } = tandem('check', 'gamma.yaml')
  expect(status).toBe(1)
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/^gamma.yaml:1: node.color: there is no such field\. Remove it; known here: name, /u),
    expect.stringMatching(
      /^gamma.yaml:3: subnets\[0\].addressPools\[0\]: .* is not inside the subnet 2001:db8::\/64\. /u,
    ),
  ])
})

test('check of a file that is not there is one line', () => {
  expect(tandem('check', 'nowhere.yaml')).toEqual({
    status: 1,
    stdout: '',
    stderr: 'nowhere.yaml:1: the file cannot be read (ENOENT). Check its name and permissions.\n',
  })
})

test('certificates makes a pair, once', () => {
  const first = tandem('certificates', '--folder', 'certificates', '--names', 'alpha,beta')
  expect(first.status).toBe(0)
  const files = ['alpha.key', 'alpha.pem', 'authority.key', 'authority.pem', 'beta.key', 'beta.pem']
  expect(readdirSync(join(folder, 'certificates')).toSorted()).toEqual(files)
  const second = tandem('certificates', '--folder', 'certificates')
  expect([second.status, second.stderr]).toEqual([
    1,
    'certificates/authority.pem exists already; choose another folder, or move the old files away first.\n',
  ])
})

test('version is one line, and an unknown command points to the help', () => {
  expect(tandem('version').stdout).toMatch(/^tandem \d+\.\d+\.\d+ \(Node \d+\.\d+\.\d+\)\n$/u)
  const { status, stderr } = tandem('destroy')
  expect(status).toBe(1)
  expect(stderr).toContain('tandem --help')
})

test('console-certificate tells the fingerprint, or why there is none', () => {
  const config = (api: string) => `node: { name: gamma, storage: 'file:./gamma.db', interfaces: [eth0], api: ${api} }\n`
  writeFileSync(join(folder, 'plain.yaml'), config('{}'))
  expect(tandem('console-certificate', '--config', 'plain.yaml').stderr).toBe(
    'The console of gamma speaks plain HTTP on 127.0.0.1: it has no certificate.\n',
  )
  writeFileSync(join(folder, 'made.yaml'), config("{ listen: '0.0.0.0:8067', tls: { selfMade: tls } }"))
  expect(tandem('console-certificate', '--config', 'made.yaml').stderr).toContain(
    'gamma-console.pem cannot be read (ENOENT). The server makes it when it starts for the first time.\n',
  )
  tandem('certificates', '--folder', '.', '--names', 'gamma')
  writeFileSync(
    join(folder, 'own.yaml'),
    config("{ listen: '0.0.0.0:8067', tls: { certificate: gamma.pem, key: gamma.key } }"),
  )
  const told = tandem('console-certificate', '--config', 'own.yaml')
  expect(told.stdout).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}\n$/)
  expect(told.stderr).toContain('for gamma, until 20')
})
