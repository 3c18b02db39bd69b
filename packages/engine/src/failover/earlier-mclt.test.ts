/** An MCLT that is made shorter while promises under the longer one still hold (decision 0024). */
import { describe, expect, it } from 'vitest'
import { FailoverPair, TEST_START, testRelationship, type TestServer } from '../../test-support/failover-pair.ts'
import type { Role } from '../configuration/configuration.ts'
import { addSeconds } from '../time/instant.ts'
import { endOfWait, withAgreedMclt, withEarlierMclt } from './earlier-mclt.ts'
import { startupRecord } from './startup.ts'

const facts = { startedAt: TEST_START, lastCommitAt: undefined, ranUntil: undefined }
const before = { now: TEST_START, acknowledgedUntil: undefined }
const agreedOn60 = startupRecord(testRelationship('secondary'), undefined, facts)

describe('an agreement', () => {
  it('on a shorter one keeps the longer until all that was promised under it is over', () => {
    expect(withAgreedMclt(agreedOn60, 30, before)).toMatchObject({
      mcltSeconds: 30,
      earlierMclt: { seconds: 60, until: addSeconds(TEST_START, 60) },
    })
    const acknowledgedUntil = addSeconds(TEST_START, 500)
    expect(withAgreedMclt(agreedOn60, 30, { now: TEST_START, acknowledgedUntil }).earlierMclt).toEqual({
      seconds: 60,
      until: addSeconds(TEST_START, 560),
    })
  })

  it('on a longer one, or on the same, has nothing to keep', () => {
    expect(withAgreedMclt(agreedOn60, 90, before)).toMatchObject({ mcltSeconds: 90, earlierMclt: undefined })
    expect(withAgreedMclt(agreedOn60, 60, before)).toBe(agreedOn60)
  })

  it('on shorter ones in turn keeps the longest of all', () => {
    const twice = withAgreedMclt(withAgreedMclt(agreedOn60, 45, before), 30, before)
    expect(twice).toMatchObject({ mcltSeconds: 30, earlierMclt: { seconds: 60 } })
    expect(withEarlierMclt(twice, 20, before)).toBe(twice)
  })
})

describe('a wait', () => {
  const earlier = { seconds: 60, until: addSeconds(TEST_START, 100) }
  const from = (seconds: number): number => endOfWait(addSeconds(TEST_START, seconds), 30, earlier)

  it('counts with the longer one, up to the end of the last promise under it', () => {
    expect(from(10)).toBe(addSeconds(TEST_START, 70))
    expect(from(50)).toBe(addSeconds(TEST_START, 100))
    expect(from(90)).toBe(addSeconds(TEST_START, 120))
    expect(endOfWait(TEST_START, 90, earlier)).toBe(addSeconds(TEST_START, 90))
    expect(endOfWait(TEST_START, 30, undefined)).toBe(addSeconds(TEST_START, 30))
  })
})

/** Both in NORMAL with 60 seconds; then `role` fails, and only it knows of the lease that it gave. */
function failed(role: Role): FailoverPair {
  const pair = new FailoverPair()
  pair.startBoth()
  pair.run(3)
  pair.isNetworkUp = false
  pair.run(20)
  pair.requestAddress(role, 1)
  expect([...pair[role].bindings.values()]).toMatchObject([{ status: 'ACTIVE', validSeconds: 60 }])
  pair.kill(role)
  return pair
}

function shorten({ configuration }: TestServer, server: TestServer): void {
  server.configuration = { ...configuration, relationships: [testRelationship(server.role, { mcltSeconds: 30 })] }
}

function recoveredAt(pair: FailoverPair, role: Role): number | undefined {
  return pair[role].transitions.findLast(({ to }) => to === 'RECOVER-DONE')?.at
}

describe('a server that recovers', () => {
  it('waits for what it promised under the longer one, which its primary agrees upon no more', () => {
    const pair = failed('secondary')
    const failedAt = pair.now
    pair.run(5)
    pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED')
    pair.kill('primary')
    shorten(pair.primary, pair.primary)
    pair.isNetworkUp = true
    pair.startBoth()
    pair.run(40)
    expect(pair.states()).toBe('PARTNER-DOWN / RECOVER-WAIT')
    expect(pair.secondary.endpoint).toMatchObject({ mcltSeconds: 30, earlierMclt: { seconds: 60 } })
    pair.run(40)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(recoveredAt(pair, 'secondary')).toBeGreaterThanOrEqual(addSeconds(failedAt, 60))
    pair.run(60)
    expect(pair.secondary.endpoint?.earlierMclt).toBeUndefined()
    expect(pair.view('secondary').mcltSeconds).toBe(30)
  })

  it('is told of the longer one by its partner where it has lost its store', () => {
    for (const role of ['primary', 'secondary'] as const) {
      const pair = failed(role)
      const failedAt = pair.now
      const other = role === 'primary' ? 'secondary' : 'primary'
      pair.loseStorage(role)
      pair.kill(other)
      // In the files of both.
      shorten(pair.primary, pair.primary)
      shorten(pair.secondary, pair.secondary)
      pair.isNetworkUp = true
      pair.startBoth()
      pair.run(40)
      expect(pair.view(role).state, role).toBe('RECOVER-WAIT')
      pair.run(40)
      expect(pair.states()).toBe('NORMAL / NORMAL')
      expect(recoveredAt(pair, role)).toBeGreaterThanOrEqual(addSeconds(failedAt, 60))
    }
  })

  it('takes no such word of its partner while it knows by itself what it has promised', () => {
    const pair = new FailoverPair()
    pair.startBoth()
    pair.run(3)
    pair.kill('primary')
    shorten(pair.primary, pair.primary)
    pair.start('primary')
    pair.run(5)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    const until = pair.secondary.endpoint?.earlierMclt?.until
    expect(until).toBeGreaterThan(pair.now)
    pair.cut()
    pair.run(5)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(pair.secondary.endpoint?.earlierMclt?.until).toBe(until)
  })
})

describe('a partner that is declared down', () => {
  it('is waited for with the longer one for as long as it may have promised under it', () => {
    const pair = new FailoverPair()
    pair.startBoth()
    pair.run(3)
    pair.kill('primary')
    shorten(pair.primary, pair.primary)
    pair.start('primary')
    pair.run(5)
    expect(pair.primary.endpoint?.mcltSeconds).toBe(30)
    pair.kill('secondary')
    pair.run(1)
    pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED')
    expect(pair.view('primary').mcltSeconds).toBe(60)
    pair.run(70)
    expect(pair.view('primary')).toMatchObject({ state: 'PARTNER-DOWN', mcltSeconds: 30 })
  })
})
