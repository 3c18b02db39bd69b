/** Two that both served: interrupted, resolved, and alone in the middle of it (RFC 8156 sections 8.10 to 8.12, decision 0071). */
import { MessageType } from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { FailoverPair } from '../../test-support/failover-pair.ts'

function normalPair(): FailoverPair {
  const pair = new FailoverPair()
  pair.startBoth()
  pair.run(3)
  expect(pair.states()).toBe('NORMAL / NORMAL')
  return pair
}

/** The secondary was declared down and started again; neither hears the end of what the other tells. */
function inConflictAfterPrimaryWasAlone(): FailoverPair {
  const pair = normalPair()
  pair.kill('secondary')
  pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED')
  pair.isNetworkUp = false
  pair.start('secondary')
  pair.run(8)
  pair.passes = (_from, message) => message.type !== MessageType.Upddone
  pair.isNetworkUp = true
  pair.run(4)
  expect(pair.states()).toBe('POTENTIAL-CONFLICT / POTENTIAL-CONFLICT')
  return pair
}

describe('a conflict', () => {
  it('goes on in RESOLUTION-INTERRUPTED when contact is lost in the middle, and is resolved later', () => {
    const pair = new FailoverPair({ both: { initialState: 'partner-down' } })
    pair.isNetworkUp = false
    pair.startBoth()
    pair.run(8)
    pair.passes = (_from, message) => message.type !== MessageType.Upddone
    pair.isNetworkUp = true
    pair.run(4)
    expect(pair.states()).toBe('POTENTIAL-CONFLICT / POTENTIAL-CONFLICT')
    pair.isNetworkUp = false
    pair.cut()
    expect(pair.states()).toBe('RESOLUTION-INTERRUPTED / RESOLUTION-INTERRUPTED')
    expect(pair.view('primary').answers).toBe('everyone')
    pair.passes = () => true
    pair.isNetworkUp = true
    pair.run(8)
    expect(pair.states()).toBe('NORMAL / NORMAL')
  })

  it('hides what a partner that served alone has granted: who is cut off in it is alone only by force', () => {
    const pair = inConflictAfterPrimaryWasAlone()
    pair.kill('primary')
    pair.run(1)
    const refused = pair.declarePartnerDown('secondary', 'RESOLUTION-INTERRUPTED')
    expect(refused).toMatchObject({ ok: false, refusal: 'leases-may-be-missing' })
    // As well after a restart.
    pair.kill('secondary')
    pair.start('secondary')
    pair.run(8)
    expect(pair.view('secondary').state).toBe('RESOLUTION-INTERRUPTED')
    expect(pair.view('secondary').commands.declarePartnerDown).toMatchObject({ needsForce: true })
    expect(pair.declarePartnerDown('secondary', 'RESOLUTION-INTERRUPTED', true)).toMatchObject({ ok: true })
  })

  it('does not hide what a partner has granted that never served alone', () => {
    const pair = inConflictAfterPrimaryWasAlone()
    pair.kill('secondary')
    pair.run(1)
    expect(pair.view('primary').state).toBe('RESOLUTION-INTERRUPTED')
    expect(pair.declarePartnerDown('primary', 'RESOLUTION-INTERRUPTED')).toMatchObject({ ok: true })
  })

  it('arises when an operator forces PARTNER-DOWN while the partner runs', () => {
    const pair = normalPair()
    expect(pair.declarePartnerDown('primary', 'NORMAL')).toMatchObject({ ok: false, refusal: 'partner-in-contact' })
    expect(pair.declarePartnerDown('primary', 'NORMAL', true)).toMatchObject({ ok: true })
    pair.run(2)
    expect(pair.pathOf('secondary')).toContain('POTENTIAL-CONFLICT')
    expect(pair.states()).toBe('NORMAL / NORMAL')
  })
})
