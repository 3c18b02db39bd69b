/** Revisions of the configuration against the real database. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { recordConfiguration } from './configuration-revisions.ts'
import { openWriteConnection, type Connection } from './connection.ts'
import { migrate } from './migrate.ts'

let folder = ''
let connection: Connection

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-revisions-'))
  connection = openWriteConnection(join(folder, 'test.db'))
  migrate(connection, Date.now())
})

afterEach(() => {
  connection.close()
  rmSync(folder, { recursive: true })
})

function record(text: string): number {
  return recordConfiguration(connection, {
    sha256: `hash of ${text}`,
    text,
    who: 'root',
    why: 'start',
    atMs: 5,
  })
}

test('a changed configuration is a new revision, an unchanged one is the one that ran last', () => {
  expect([record('one'), record('one'), record('two'), record('one')]).toEqual([1, 1, 2, 3])
  const texts = connection.prepare('SELECT "text" FROM "ConfigurationRevision" ORDER BY "number"').raw().all()
  expect(texts).toEqual([['one'], ['two'], ['one']])
})
