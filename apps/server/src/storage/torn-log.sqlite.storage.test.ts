/** A database file that is cut off in the middle of its last write: what is found when it is opened. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  commitOf,
  fullBinding,
  openTestDatabase,
  put,
  restoreFile,
  type TestDatabase,
} from './test-support/fixtures.ts'

let database: TestDatabase

beforeEach(() => {
  database = openTestDatabase()
})

afterEach(() => database.close())

describe('a store that is cut off in the middle of its last write', () => {
  test('opens to the last complete commit, whatever octet the cut falls on', { timeout: 180_000 }, async () => {
    database.store.commit(commitOf(1, put(fullBinding(1), fullBinding(2))))
    const log = `${database.file}-wal`
    const before = readFileSync(log).length
    const earlier = restoreFile(database.file)
    database.store.commit(commitOf(2, put({ ...fullBinding(1), status: 'RELEASED' }, fullBinding(3))))
    const whole = readFileSync(log)
    const later = restoreFile(database.file)
    expect(later).not.toEqual(earlier)
    expect(whole.length).toBeGreaterThan(before)

    // In memory where there is such a place: here the cut is what matters, not the flush.
    const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tandem-cut-'))
    setFlagsFromString('--expose-gc')
    // What the flag above defines; it takes nothing and gives nothing.
    const collectGarbage = runInNewContext('gc') as () => void
    for (let length = before; length <= whole.length; length += 1) {
      // A name of its own: a closed connection may keep its file until it is collected.
      const file = join(folder, `${length}.db`)
      copyFileSync(database.file, file)
      writeFileSync(`${file}-wal`, whole.subarray(0, length))
      if (length % 500 === 0) {
        collectGarbage()
        await setImmediate()
      }
      const expected = length === whole.length ? later : earlier
      const found = restoreFile(file)
      for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
      if (found.lastCommitNumber !== expected.lastCommitNumber) expect({ length, found }).toEqual({ length, expected })
      if (length % 512 === 0 || length === whole.length) expect(found).toEqual(expected)
    }
    rmSync(folder, { recursive: true })
  })
})
