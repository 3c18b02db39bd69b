/** The load of the commit benchmark, against a disk that takes two milliseconds. */
import { expect, test } from 'vitest'
import { CommitLoad, rowsPerSecond } from './commit-load.ts'
import type { CommitWay } from './commit-ways.ts'

type Commit = Parameters<CommitWay['commit']>[0]

test('commits are numbered without gaps, have the size that was asked for, and rewrite filled leases with other times', async () => {
  let now = 0
  const seen: Commit[] = []
  const way = {
    name: 'counted',
    commit: (commit: Commit) => {
      now += 2
      seen.push(commit)
    },
    close: () => undefined,
  }
  const load = new CommitLoad(way, 1500)
  await load.fill()
  expect(seen.map(({ changes }) => changes.length)).toEqual([1000, 500])
  const times = await load.run(16, 10, () => now)
  expect(times).toEqual({ batch: 16, commitsMs: [2, 2, 2, 2, 2] })
  expect(rowsPerSecond(times)).toBe(8000)
  expect(seen.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7])
  const leaseOf = (change: Commit['changes'][number] | undefined) =>
    change?.kind === 'binding-put' ? change.binding.prefix.address : undefined
  const timeOf = (change: Commit['changes'][number] | undefined) =>
    change?.kind === 'binding-put' ? change.binding.statusExpiresAt : undefined
  const filled = seen.slice(0, 2).flatMap(({ changes }) => changes)
  for (const change of seen.slice(2).flatMap(({ changes }) => changes)) {
    const before = filled.find((each) => leaseOf(each) === leaseOf(change))
    expect(before).toBeDefined()
    expect(timeOf(change)).not.toBe(timeOf(before))
  }
})
