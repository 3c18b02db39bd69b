/** What a start makes of the time before it (RFC 8156 section 8.3.2, digest A6, A28, A31, A33). */
import { describe, expect, it } from 'vitest'
import { TEST_START, testConfiguration, testRelationship } from '../../test-support/failover-pair.ts'
import { createEngine } from '../engine.ts'
import { addSeconds } from '../time/instant.ts'
import type { EndpointRecord, PartnerRecord } from './endpoint-record.ts'
import { resumeAfterStartup, startupRecord } from './startup.ts'

const t = TEST_START
const relationship = testRelationship('primary')
const facts = { startedAt: addSeconds(t, 500), lastCommitAt: addSeconds(t, 100), ranUntil: addSeconds(t, 103) }

function stored(changes: Partial<EndpointRecord>): EndpointRecord {
  const fresh = startupRecord(relationship, undefined, { startedAt: t, lastCommitAt: undefined, ranUntil: undefined })
  return { ...fresh, communicated: true, timeOfFailure: undefined, ...changes }
}

function partnerDown(since: number): PartnerRecord {
  const at = addSeconds(t, since)
  return {
    state: 'PARTNER-DOWN',
    since: at,
    startup: false,
    ackStartup: false,
    communicated: true,
    partnerDownSince: at,
  }
}

describe('a start', () => {
  it('without stored state begins in RECOVER, for both roles, and waits from its own start', () => {
    for (const role of ['primary', 'secondary'] as const) {
      const record = startupRecord(testRelationship(role), undefined, facts)
      expect(record).toMatchObject({ state: 'RECOVER', communicated: false, timeOfFailure: facts.startedAt })
    }
  })

  it('takes the last commit for the last promise, and the durable bound for the time of failure', () => {
    const record = startupRecord(relationship, stored({ state: 'NORMAL' }), facts)
    expect(record).toMatchObject({ state: 'NORMAL', lastPromiseAt: facts.lastCommitAt, timeOfFailure: facts.ranUntil })
  })

  it('that was cut short does not move the marks', () => {
    const first = startupRecord(relationship, stored({ state: 'NORMAL' }), facts)
    const again = startupRecord(relationship, first, {
      startedAt: addSeconds(t, 900),
      lastCommitAt: addSeconds(t, 800),
      ranUntil: addSeconds(t, 803),
    })
    expect(again).toEqual(first)
  })

  it('in the middle of a recovery keeps the time of the failure before it', () => {
    const before = stored({ state: 'RECOVER-WAIT', timeOfFailure: addSeconds(t, 50), lastPromiseAt: addSeconds(t, 47) })
    expect(startupRecord(relationship, before, facts)).toEqual(before)
  })

  it('goes on with the MCLT that the partner knows, and with its own where none was ever heard', () => {
    const before = stored({ state: 'NORMAL', mcltSeconds: 999 })
    expect(startupRecord(relationship, before, facts).mcltSeconds).toBe(999)
    expect(startupRecord(testRelationship('secondary'), before, facts).mcltSeconds).toBe(999)
    expect(startupRecord(relationship, { ...before, communicated: false }, facts).mcltSeconds).toBe(60)
  })
})

describe('a partner found in PARTNER-DOWN', () => {
  const resumed = (changes: Partial<EndpointRecord>, since: number): string =>
    resumeAfterStartup(startupRecord(relationship, stored(changes), facts), partnerDown(since))

  it('since after the last promise sends us to RECOVER', () => {
    expect(resumed({ state: 'NORMAL' }, 101)).toBe('RECOVER')
    expect(resumed({ state: 'COMMUNICATIONS-INTERRUPTED' }, 101)).toBe('RECOVER')
  })

  it('since before the last promise sends us to POTENTIAL-CONFLICT', () => {
    expect(resumed({ state: 'COMMUNICATIONS-INTERRUPTED' }, 99)).toBe('POTENTIAL-CONFLICT')
  })

  it('lets a recovery go on', () => {
    expect(resumed({ state: 'RECOVER' }, 10)).toBe('RECOVER')
    expect(resumed({ state: 'RECOVER-WAIT' }, 10)).toBe('RECOVER-WAIT')
  })

  it('lets a recovery from that very outage end', () => {
    expect(resumed({ state: 'RECOVER-DONE', partner: partnerDown(10) }, 10)).toBe('RECOVER-DONE')
    expect(resumed({ state: 'RECOVER-DONE', partner: partnerDown(5) }, 10)).toBe('POTENTIAL-CONFLICT')
  })

  it('while we were in PARTNER-DOWN too lets the matrix decide', () => {
    expect(resumed({ state: 'PARTNER-DOWN' }, 400)).toBe('PARTNER-DOWN')
  })
})

describe('a start that ends with its first event', () => {
  it('has recorded when the promises before it ended, which the next start could not tell any more', () => {
    const endpoint = stored({ state: 'NORMAL' })
    const restored = { bindings: [], endpoints: [endpoint], reservations: [], drains: [], ...facts }
    const engine = createEngine(testConfiguration(relationship), restored, facts.startedAt)
    const { commit } = engine.handle(
      { kind: 'command-received', commandId: '1', operator: 'ann', command: { kind: 'shut-down' } },
      facts.startedAt,
    )
    const marks = { lastPromiseAt: facts.lastCommitAt, timeOfFailure: facts.ranUntil }
    expect(commit).toContainEqual({ kind: 'endpoint-put', endpoint: expect.objectContaining(marks) })
    expect(engine.remembered().endpoints).toEqual([expect.objectContaining(marks)])
  })
})
