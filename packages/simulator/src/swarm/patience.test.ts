/** Until when the end of a run waits for the servers before it calls them in disagreement. */
import { instant, type EndpointRecord } from '@tandem/engine'
import { describe, expect, it } from 'vitest'
import { Patience, recoverWaitEndsAt } from './patience.ts'

const T0 = 1_800_000_000_000
const at = (seconds: number) => instant(T0 + seconds * 1000)

const waiting: EndpointRecord = {
  relationship: 'pair',
  state: 'RECOVER-WAIT',
  previousState: 'RECOVER',
  stateSince: at(1_000),
  partner: undefined,
  lastHeardFromPartnerAt: undefined,
  inContact: true,
  partnerStoppedAt: undefined,
  communicated: true,
  mcltSeconds: 100,
  earlierMclt: undefined,
  handedOver: undefined,
  fullResyncOwed: false,
  timeOfFailure: at(0),
  lastPromiseAt: undefined,
}

describe('the end of RECOVER-WAIT', () => {
  it('is MCLT after the failure, or after the last promise where that was later', () => {
    expect(recoverWaitEndsAt(waiting)).toBe(at(100))
    expect(recoverWaitEndsAt({ ...waiting, lastPromiseAt: at(-50) })).toBe(at(100))
    expect(recoverWaitEndsAt({ ...waiting, lastPromiseAt: at(900) })).toBe(at(1_000))
    const earlierMclt = { seconds: 200, until: at(5_000) }
    expect(recoverWaitEndsAt({ ...waiting, lastPromiseAt: at(900), earlierMclt })).toBe(at(1_100))
  })

  it('is of no interest in any other state', () => {
    expect(recoverWaitEndsAt({ ...waiting, state: 'NORMAL' })).toBeUndefined()
    expect(recoverWaitEndsAt(undefined)).toBeUndefined()
  })
})

describe('patience', () => {
  it('lasts for MCLT where nothing is seen', () => {
    expect(new Patience(0, 60).waitSeconds(10_000)).toBe(50)
    expect(new Patience(0, 60).waitSeconds(90_000)).toBe(-30)
  })

  it('counts from the end of the longest wait that was seen, although it is over', () => {
    const patience = new Patience(0, 60)
    patience.see(10_000, 285)
    patience.see(20_000, 0)
    expect(patience.waitSeconds(290_000)).toBe(5)
    expect(patience.waitSeconds(296_000)).toBe(-1)
  })
})
