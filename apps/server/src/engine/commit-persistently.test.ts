/** A commit that hangs, and a process that stood still meanwhile. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { instant } from '@tandem/engine'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Commit, CommitOutcome, CommitStore } from '../storage/commit.ts'
import { commitPersistently, GIVE_UP_AFTER_MS, SUSPEND_AFTER_MS } from './commit-persistently.ts'

const commit: Commit = { number: 7, changes: [], atMs: instant(0), runningUntilMs: instant(1), promises: true }
let suspensions: string[]

beforeEach(() => {
  suspensions = []
})

afterEach(() => {
  vi.useRealTimers()
})

const trouble = { log: () => undefined, suspend: (detail: string) => void suspensions.push(detail) }

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

test('a process that stood still in the middle of a commit does not take that for a failure of storage', async () => {
  void commitPersistently(hangingStore, commit, trouble)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SUSPEND_AFTER_MS + 200)
  for (let turn = 0; turn < 5; turn += 1) await nextTurn()
  expect(suspensions).toEqual([])
})
