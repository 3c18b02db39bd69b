/** `tandem backup` and `tandem restore` against real databases: what is copied, marked, kept and refused (decision 0070). */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mustBeNoBackup } from '../storage/backup.ts'
import { openReadConnection, openWriteConnection } from '../storage/connection.ts'
import { EngineStore } from '../storage/engine-store.ts'
import { lockFile } from '../storage/file-lock.ts'
import { openFileWorkerStore } from '../storage/file-worker-store.ts'
import { openFileStorage } from '../storage/open-file-storage.ts'
import { commitOf, fullBinding, fullEndpoint, keepAll, put, restoreFile } from '../storage/test-support/fixtures.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

let folder = ''
let database = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-backup-'))
  database = join(folder, 'gamma.db')
  writeFileSync(join(folder, 'gamma.yaml'), configurationOf('gamma'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function configurationOf(name: string): string {
  return `node: { name: ${name}, storage: 'file:./gamma.db', interfaces: [eth0] }\n`
}

function tandem(...args: readonly string[]) {
  const command = ['--conditions=source', '--no-warnings', MAIN, ...args, '--config', 'gamma.yaml']
  return spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' })
}

/** As if the server had run: its identifier, a configuration, and these leases. */
function serve(leases: number, file = database): void {
  const storage = openFileStorage(file, 1000)
  storage.recordConfiguration({ text: configurationOf('gamma'), sha256: 'x', who: 'w', why: 'y', atMs: 1 })
  const store = new EngineStore(storage.connection)
  const changes = Array.from({ length: leases }, (_, number) => ({
    kind: 'binding-put' as const,
    binding: fullBinding(number),
  }))
  store.commit(commitOf(store.lastCommitNumber + 1, [...changes, { kind: 'endpoint-put', endpoint: fullEndpoint() }]))
  storage.close()
}

/** As if the server had been killed: what it promised last is in its commit log, and its tables had not followed. */
async function serveAndCrash(leases: number): Promise<void> {
  const killed = join(folder, 'killed')
  const running = openFileWorkerStore(database, keepAll)
  const other = openWriteConnection(database)
  other.exec('BEGIN IMMEDIATE')
  const bindings = Array.from({ length: leases }, (_, number) => fullBinding(number))
  await running.commit(commitOf(2, put(...bindings)))
  for (const ending of ['', '-wal', '-commits'])
    cpSync(`${database}${ending}`, `${killed}${ending}`, { recursive: true })
  other.exec('ROLLBACK')
  other.close()
  await running.close()
  for (const ending of ['', '-wal', '-commits']) {
    rmSync(`${database}${ending}`, { recursive: true, force: true })
    renameSync(`${killed}${ending}`, `${database}${ending}`)
  }
  expect(leasesInTables(database)).toBeLessThan(leases)
}

function leasesInTables(file: string): number {
  const connection = openReadConnection(file)
  try {
    const row: unknown = connection.prepare('SELECT count(*) FROM "Binding"').raw().get([])
    return Array.isArray(row) ? Number(row[0]) : Number.NaN
  } finally {
    connection.close()
  }
}

describe('what a killed server promised last', () => {
  it('is in a backup that is made of it', async () => {
    serve(2)
    await serveAndCrash(7)
    expect(tandem('backup', '--to', 'copy.db')).toMatchObject({ status: 0 })
    expect(leasesInTables(join(folder, 'copy.db'))).toBe(7)
    expect(tandem('restore', '--from', 'copy.db')).toMatchObject({ status: 0 })
    expect(restoreFile(database).bindings).toHaveLength(7)
  })

  it('stays with the database that a restore puts aside', async () => {
    serve(2)
    expect(tandem('backup', '--to', 'copy.db')).toMatchObject({ status: 0 })
    await serveAndCrash(7)
    expect(tandem('restore', '--from', 'copy.db')).toMatchObject({ status: 0 })
    expect(restoreFile(database).bindings).toHaveLength(2)
    const kept = readdirSync(folder).find((name) => /^gamma\.db\.before-restore-[^-]*-[^-]*-[^-]*$/.test(name))
    expect(restoreFile(join(folder, kept ?? '')).bindings).toHaveLength(7)
  })

  it('is taken by a restore in place where it fits, and put aside where it does not', async () => {
    serve(2)
    await serveAndCrash(7)
    cpSync(`${database}-commits`, join(folder, 'later'), { recursive: true })
    expect(tandem('restore')).toMatchObject({ status: 0 })
    expect(leasesInTables(database)).toBe(7)
    expect(existsSync(`${database}-commits`)).toBe(false)
    // A database from before, beside a log that goes on later.
    serve(1)
    rmSync(database)
    serve(1)
    cpSync(join(folder, 'later'), `${database}-commits`, { recursive: true })
    expect(tandem('restore')).toMatchObject({ status: 0 })
    expect(leasesInTables(database)).toBe(1)
    expect(readdirSync(folder).some((name) => /^gamma\.db\.before-restore-.*-commits$/.test(name))).toBe(true)
  })
})

describe('tandem backup and tandem restore', () => {
  it('bring back the leases of the backup, with every relationship marked as lost', () => {
    serve(2)
    const open = openWriteConnection(database)
    expect(tandem('backup', '--to', 'copy.db')).toMatchObject({ status: 0 })
    open.close()
    expect(statSync(join(folder, 'copy.db')).mode & 0o777).toBe(0o600)
    serve(5)
    const beforeMs = Date.now()
    const { status, stdout, stderr } = tandem('restore', '--from', 'copy.db')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('answers no client of alpha-beta until its partner has told it everything')
    const whole = restoreFile(database)
    expect(whole.bindings).toHaveLength(2)
    expect(whole.endpoints).toMatchObject([
      { relationship: 'alpha-beta', state: 'RECOVER', fullResyncOwed: true, communicated: true, partner: undefined },
    ])
    expect(whole.endpoints[0]?.timeOfFailure).toBeGreaterThanOrEqual(beforeMs)
    const kept = readdirSync(folder).find((name) => name.startsWith('gamma.db.before-restore-'))
    expect(restoreFile(join(folder, kept ?? '')).bindings).toHaveLength(5)
    expect(existsSync(join(folder, 'gamma.db.restoring'))).toBe(false)
  })

  it('mark what lies in place when no backup is named, and record who did it', () => {
    serve(3)
    expect(tandem('restore')).toMatchObject({ status: 0 })
    expect(restoreFile(database)).toMatchObject({ endpoints: [{ state: 'RECOVER' }], lastCommitNumber: 2 })
    const connection = openWriteConnection(database)
    const rows = connection.prepare('SELECT "fromState", "toState", "rule" FROM "Transition"').raw().all([])
    expect(rows).toEqual([['PARTNER-DOWN', 'RECOVER', 'RFC 8156 8.3.2']])
    expect(connection.prepare('SELECT "action" FROM "AuditEntry"').raw().all([])).toEqual([['restore']])
    connection.close()
  })

  it('leave a copy on which no server starts before it was marked', () => {
    serve(1)
    tandem('backup', '--to', 'copy.db')
    rmSync(database)
    for (const ending of ['-wal', '-shm']) rmSync(`${database}${ending}`, { force: true })
    tandem('restore', '--from', 'copy.db')
    const mayServe = (file: string) => {
      const connection = openReadConnection(file)
      try {
        mustBeNoBackup(connection, file)
      } finally {
        connection.close()
      }
    }
    expect(() => mayServe(database)).not.toThrow()
    expect(() => mayServe(join(folder, 'copy.db'))).toThrow(/is a backup of .*tandem restore/)
  })

  it.each([
    [
      'a file that is no database',
      () => writeFileSync(join(folder, 'copy.db'), 'nonsense'),
      'is no database of Tandem',
    ],
    ['a file that is not there', () => undefined, 'There is no file'],
    ['the database of another server', () => serve(1, join(folder, 'copy.db')), 'belongs to another server identifier'],
  ])('refuse %s and leave all as it was', (_what, make, sentence) => {
    serve(2)
    make()
    const { status, stderr } = tandem('restore', '--from', 'copy.db')
    expect(status).toBe(1)
    expect(stderr).toContain(sentence)
    expect(restoreFile(database)).toMatchObject({ endpoints: [{ state: 'PARTNER-DOWN' }], lastCommitNumber: 1 })
  })

  it('refuse a backup that is newer than what is there, one of another name, and one of a later version', () => {
    serve(2)
    tandem('backup', '--to', 'old.db')
    serve(3)
    tandem('backup', '--to', 'new.db')
    expect(tandem('restore', '--from', 'old.db').status).toBe(0)
    // The mark is a commit too, so two more make the newer one certain.
    serve(1, join(folder, 'new.db'))
    serve(1, join(folder, 'new.db'))
    expect(tandem('restore', '--from', 'new.db').stderr).toContain('is newer than')
    writeFileSync(join(folder, 'gamma.yaml'), configurationOf('delta'))
    expect(tandem('restore', '--from', 'old.db').stderr).toContain('is the database of gamma, not of delta')
    writeFileSync(join(folder, 'gamma.yaml'), configurationOf('gamma'))
    const later = openWriteConnection(join(folder, 'old.db'))
    later.exec(
      `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "started_at", "applied_steps_count")
       VALUES ('x', 'x', '29991231000000_future', 1, 1)`,
    )
    later.close()
    expect(tandem('restore', '--from', 'old.db').stderr).toContain('was written by a later version')
  })

  it('refuse while the server runs, and never overwrite a file', () => {
    serve(1)
    const lock = lockFile(database)
    try {
      expect(tandem('backup', '--to', 'copy.db').status).toBe(0)
      expect(tandem('restore', '--from', 'copy.db').stderr).toContain('in use by another running server')
      expect(tandem('restore').stderr).toContain('in use by another running server')
    } finally {
      lock.release()
    }
    expect(tandem('backup', '--to', 'copy.db').stderr).toContain('exists already')
  })
})
