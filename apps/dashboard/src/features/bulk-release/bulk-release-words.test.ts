/** What the question before a bulk release says, and what is to be seen of one by whoever looks at the leases. */
import { BulkRelease, routeExamples } from '@tandem/api-contract'
import { describe, expect, it } from 'vitest'
import {
  previewWords,
  progressWords,
  refusedWords,
  searchWords,
  shownRelease,
  stateWords,
} from './bulk-release-words.ts'

const preview = routeExamples.previewBulkRelease.answer
const release = BulkRelease.parse(routeExamples.startBulkRelease.answer)

describe('the question', () => {
  it('counts what is in use, what can be released, and what nothing happens to', () => {
    expect(previewWords(preview)).toBe(
      '412 leases in use are found. 409 can be released now. 19 more are found that are not in use: nothing happens to them.',
    )
    const one = { ...preview, found: { count: '1', exact: true }, active: { count: '1', exact: true }, releasable: '1' }
    expect(previewWords(one)).toBe('1 lease in use is found. All of them can be released now.')
    expect(previewWords({ ...one, releasable: '0' })).toBe('1 lease in use is found. None can be released now.')
    expect(previewWords({ ...one, active: { count: '0', exact: true }, releasable: '0' })).toBe(
      'No lease in use is found.',
    )
  })

  it('says that there are too many for one command', () => {
    expect(previewWords({ ...preview, active: { count: '10000', exact: false } })).toMatch(/^More than 10,000 leases/)
  })

  it('says what was searched for', () => {
    expect(searchWords({ subnet: 'offices', relay: 'port-7/', state: 'active' })).toBe(
      'subnet offices, relay says port-7/',
    )
  })

  it('has words for each reason, also for one that it does not know', () => {
    expect(refusedWords({ refusal: 'client-just-heard', count: '3' })).toMatch(/^3 left alone: the client was heard/)
    expect(refusedWords({ refusal: 'partner-not-told', count: '1' })).toBe('1 left alone: partner not told')
  })
})

describe('one that was started', () => {
  it('says how far it is, and how it ended', () => {
    expect(progressWords(release)).toBe('160 of 412 leases released, 5 left alone, 247 to go')
    expect(progressWords({ ...release, released: '412', left: '0', refused: [] })).toBe('412 of 412 leases released')
    expect(stateWords({ ...release, state: 'cancelled', endedBy: 'bob' }).title).toBe(
      'bob stopped the release of leases',
    )
  })

  it('is seen while it runs, for a while after its end, and until it is put away', () => {
    const endedAt = '2026-11-27T03:00:00.000Z'
    const ended: BulkRelease = { ...release, state: 'done', endedAt }
    const at = (minutes: number): number => Date.parse(endedAt) + minutes * 60_000
    const none = new Set<string>()
    expect(shownRelease([], none, at(0))).toBeUndefined()
    expect(shownRelease([release], new Set([release.id]), at(0))).toBe(release)
    expect(shownRelease([ended], none, at(9))).toBe(ended)
    expect(shownRelease([ended], none, at(10))).toBeUndefined()
    expect(shownRelease([ended], new Set([ended.id]), at(1))).toBeUndefined()
    expect(shownRelease([release, ended], none, at(60))).toBe(release)
  })
})
