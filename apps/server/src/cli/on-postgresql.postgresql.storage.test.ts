/** The commands on a PostgreSQL database: serve, and what stands in for backup and restore (decision 0092). */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freeUdpPort } from '../engine/test-support/relayed-client.ts'
import { openStorage } from '../storage/open-storage.ts'
import { openWorkerStore } from '../storage/open-worker-store.ts'
import { commitOf, fullBinding, fullEndpoint, keepAll } from '../storage/test-support/fixtures.ts'
import { postgresqlPrograms } from '../storage/test-support/postgresql-cluster.ts'
import { removeTestStorage, restoreWhole, rowsOf, testStorageUrl } from '../storage/test-support/test-storage.ts'

/** As it was built: the console's part of `serve` needs a compiler. */
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** Programs begin slowly on a machine that does much else. */
const READY_WITHIN_MS = 90_000

let folder = ''
let storageUrl = ''
let copyUrl = ''
let running: ChildProcess | undefined

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-postgresql-'))
  storageUrl = await testStorageUrl(folder, 'gamma')
  copyUrl = await testStorageUrl(folder, 'copy')
  await configure(storageUrl)
})

afterEach(async () => {
  await stop('SIGKILL')
  await removeTestStorage(storageUrl)
  await removeTestStorage(copyUrl)
  rmSync(folder, { recursive: true, force: true })
})

async function configure(url: string, name = 'gamma'): Promise<void> {
  // The same place serves UDP and, at the same number, TCP: nobody else asks for it on loopback.
  const [client, api] = [await freeUdpPort(), await freeUdpPort()]
  writeFileSync(
    join(folder, 'gamma.yaml'),
    `node:
  name: ${name}
  storage: '${url}'
  listeners: [{ address: '::1', port: ${client}, replyTo: source }]
  api: { listen: '127.0.0.1:${api}' }
`,
  )
}

function tandem(...args: readonly string[]) {
  const command = ['--no-warnings', MAIN, ...args, '--config', 'gamma.yaml']
  return spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' })
}

/** Settles with what it said once it is ready. */
async function serve(): Promise<string> {
  const child = spawn(process.execPath, ['--no-warnings', MAIN, 'serve', '--config', 'gamma.yaml'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running = child
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  await expect.poll(() => said, { timeout: READY_WITHIN_MS }).toMatch(/^ready \{/mu)
  return said
}

/** Exit code and signal of the server that was started last, if it still ran. */
async function stop(signal: NodeJS.Signals): Promise<unknown> {
  const child = running
  running = undefined
  if (child === undefined || child.exitCode !== null) return undefined
  const ended = once(child, 'exit')
  child.kill(signal)
  return ended
}

/** As if the server had run: its identifier, a configuration, and these leases. */
async function serveEarlier(leases: number): Promise<void> {
  const storage = await openStorage(storageUrl, 1000)
  await storage.recordConfiguration({ text: 'node: { name: gamma }', sha256: 'x', who: 'w', why: 'y', atMs: 1 })
  await storage.close()
  const store = await openWorkerStore(storageUrl, keepAll)
  const changes = Array.from({ length: leases }, (_, number) => ({
    kind: 'binding-put' as const,
    binding: fullBinding(number),
  }))
  await store.commit(commitOf(1, [...changes, { kind: 'endpoint-put', endpoint: fullEndpoint() }]))
  await store.close()
}

/** With the tools that an administrator has. */
function dumpAndRead(from: string, to: string): void {
  const programs = postgresqlPrograms() ?? ''
  const dump = execFileSync(join(programs, 'pg_dump'), ['--no-owner', from])
  execFileSync(join(programs, 'psql'), ['--quiet', '--set', 'ON_ERROR_STOP=1', to], { input: dump })
}

describe('tandem serve on PostgreSQL', () => {
  it('makes its tables, is the only one, stops in order and starts again with the same identifier', async () => {
    expect(await serve()).toContain('STORAGE_MIGRATED')
    const duid = await rowsOf(storageUrl, `SELECT "value" FROM "NodeFact" WHERE "key" = 'server-duid'`)
    const second = tandem('serve')
    expect(second.status).toBe(1)
    expect(second.stderr).toContain('is in use by another running server')
    expect(tandem('token', 'create', '--role', 'viewer').status).toBe(0)
    expect(await stop('SIGTERM')).toEqual([0, null])
    expect((await restoreWhole(storageUrl)).ranUntil).toBeLessThanOrEqual(Date.now())
    await serve()
    expect(await rowsOf(storageUrl, `SELECT "value" FROM "NodeFact" WHERE "key" = 'server-duid'`)).toEqual(duid)
  })

  it('starts again at once after it was killed', async () => {
    await serve()
    await stop('SIGKILL')
    await serve()
  })

  it('says in one sentence that there is no such database', async () => {
    await configure(storageUrl.replace('/gamma_', '/no_such_'))
    const { status, stderr } = tandem('serve')
    expect(status).toBe(1)
    expect(stderr).toMatch(
      /^The storage postgresql:\/\/localhost\/no_such_\w+ cannot be used: database ".*" does not exist\.\n$/u,
    )
  })
})

describe('backup and restore on PostgreSQL', () => {
  it('name the tools of PostgreSQL', async () => {
    await serveEarlier(1)
    const backup = tandem('backup', '--to', 'copy.db')
    expect([backup.status, backup.stderr]).toEqual([1, expect.stringContaining('pg_dump')])
    const restore = tandem('restore', '--from', 'copy.db')
    expect([restore.status, restore.stderr]).toEqual([1, expect.stringContaining('without --from')])
  })

  it('a dump in another database starts no server before it was marked, and then its relationships recover', async () => {
    await serveEarlier(2)
    dumpAndRead(storageUrl, copyUrl)
    await configure(copyUrl)
    const refused = tandem('serve')
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('is a copy of another database')])
    const { status, stdout, stderr } = tandem('restore')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('answers no client of alpha-beta until its partner has told it everything')
    const whole = await restoreWhole(copyUrl)
    expect(whole.bindings).toHaveLength(2)
    expect(whole).toMatchObject({
      lastCommitNumber: 2,
      endpoints: [{ relationship: 'alpha-beta', state: 'RECOVER', fullResyncOwed: true, communicated: true }],
    })
    expect(await rowsOf(copyUrl, 'SELECT "action" FROM "AuditEntry"')).toEqual([['restore']])
    const opened = await openStorage(copyUrl, 1)
    await opened.mustBeNoBackup()
    await opened.close()
  })

  it('refuse the database of another server, one on which none has run, and one in use', async () => {
    expect(tandem('restore').stderr).toContain('belongs to no server')
    await serveEarlier(1)
    await configure(storageUrl, 'delta')
    expect(tandem('restore').stderr).toContain('is the database of gamma, not of delta')
    await configure(storageUrl)
    const store = await openWorkerStore(storageUrl, keepAll)
    expect(tandem('restore').stderr).toContain('in use by another running server')
    await store.close()
    expect(await restoreWhole(storageUrl)).toMatchObject({
      lastCommitNumber: 1,
      endpoints: [{ state: 'PARTNER-DOWN' }],
    })
  })
})
