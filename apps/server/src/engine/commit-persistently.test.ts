/** A commit that hangs, and a process that stood still meanwhile. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { instant } from '@tandem/engine'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Commit, CommitOutcome, CommitStore } from '../storage/commit.ts'
import { commitPersistently, GIVE_UP_AFTER_MS, NEVER_GIVE_UP, SUSPEND_AFTER_MS } from './commit-persistently.ts'

const commit: Commit = { number: 7, changes: [], atMs: instant(0), runningUntilMs: instant(1), promises: true }
let suspensions: string[]
let logged: string[]

beforeEach(() => {
  suspensions = []
  logged = []
})

afterEach(() => {
  vi.useRealTimers()
})

const trouble = {
  log: (_level: string, message: string) => void logged.push(message),
  suspend: (detail: string) => void suspensions.push(detail),
  resume: (afterMs: number) => void logged.push(`resumed after ${afterMs}`),
}

const hangingStore: CommitStore = { commit: () => new Promise<CommitOutcome>(() => undefined) }

test('storage that does not answer makes the server silent, and ends it at last', async () => {
  vi.useFakeTimers()
  const verdict = commitPersistently(hangingStore, commit, trouble)
  vi.advanceTimersByTime(SUSPEND_AFTER_MS - 1)
  expect(suspensions).toEqual([])
  vi.advanceTimersByTime(1)
  expect(suspensions).toEqual(['storage does not answer'])
  vi.advanceTimersByTime(GIVE_UP_AFTER_MS - SUSPEND_AFTER_MS)
  expect(await verdict).toEqual({ ok: false, reason: 'commit 7 failed for 33 s: storage does not answer' })
  expect(suspensions).toHaveLength(1)
})

test('a database that may be away for long is waited for, with an alarm every minute, and the server goes on afterwards', async () => {
  vi.useFakeTimers()
  let isThere = false
  const receipt = { number: 7, runningUntilMs: 1 }
  const store: CommitStore = {
    commit: async () => (isThere ? { ok: true, receipt } : { ok: false, failure: 'failed', detail: 'no database' }),
  }
  const verdict = commitPersistently(store, commit, trouble, NEVER_GIVE_UP)
  await vi.advanceTimersByTimeAsync(130_000)
  expect(suspensions).toEqual(['no database'])
  isThere = true
  await vi.advanceTimersByTimeAsync(200)
  expect(await verdict).toEqual({ ok: true, receipt, suspended: true })
  expect(logged).toEqual([
    'commit 7 failed and is tried again: no database',
    'storage has failed for 60 s and is tried again: no database',
    'storage has failed for 120 s and is tried again: no database',
    expect.stringMatching(/^resumed after 130/u),
  ])
})

test('a process that stood still in the middle of a commit does not take that for a failure of storage', async () => {
  void commitPersistently(hangingStore, commit, trouble)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SUSPEND_AFTER_MS + 200)
  for (let turn = 0; turn < 5; turn += 1) await nextTurn()
  expect(suspensions).toEqual([])
})
