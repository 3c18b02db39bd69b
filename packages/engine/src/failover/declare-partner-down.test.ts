/** Declaring the partner down: before anything was heard, and with a time in the past (RFC 8156 section 8.4; decisions 0071, 0072). */
import { findOption, MessageType, partnerDownTimeOption, startTimeOfStateOption, toDhcpTime } from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { FailoverPair } from '../../test-support/failover-pair.ts'
import { addSeconds, type Instant } from '../time/instant.ts'

const MCLT = 60

function interrupted(): { readonly pair: FailoverPair; readonly cutAt: Instant } {
  const pair = new FailoverPair()
  pair.startBoth()
  pair.run(10)
  pair.requestAddress('primary', 1)
  pair.run(2)
  const cutAt = pair.now
  pair.kill('secondary')
  pair.run(300)
  expect(pair.states()).toBe('COMMUNICATIONS-INTERRUPTED / down')
  return { pair, cutAt }
}

describe('a first server whose partner does not exist yet', () => {
  function alone(): FailoverPair {
    const pair = new FailoverPair()
    pair.start('primary')
    pair.run(30)
    expect(pair.states()).toBe('RECOVER / down')
    return pair
  }

  it('serves alone after the command, but only when it is forced', () => {
    const pair = alone()
    expect(pair.declarePartnerDown('primary', 'RECOVER')).toMatchObject({ ok: false, refusal: 'leases-may-be-missing' })
    expect(pair.states()).toBe('RECOVER / down')
    expect(pair.declarePartnerDown('primary', 'RECOVER', true)).toMatchObject({ ok: true })
    expect(pair.states()).toBe('PARTNER-DOWN / down')
    pair.requestAddress('primary', 1)
    expect([...pair.primary.bindings.values()]).toMatchObject([{ status: 'ACTIVE', validSeconds: 7200 }])
    expect(pair.primary.transitions.at(-1)).toMatchObject({ rule: 'RFC 8156 8.3.2', operator: 'ann' })
  })

  it('is joined by its partner, which fetches everything, and both reach NORMAL', () => {
    const pair = alone()
    pair.declarePartnerDown('primary', 'RECOVER', true)
    pair.requestAddress('primary', 1)
    pair.start('secondary')
    pair.run(80)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(pair.secondary.bindings.size).toBe(1)
  })
})

describe('a server that has lost its store and serves alone by force', () => {
  it('fetches what it lacks as soon as its partner is back, which holds it', () => {
    const pair = new FailoverPair()
    pair.startBoth()
    pair.run(10)
    pair.requestAddress('secondary', 1)
    pair.run(2)
    const held = [...pair.secondary.bindings.keys()].toSorted()
    expect(held).not.toEqual([])
    pair.kill('primary')
    pair.kill('secondary')
    pair.loseStorage('primary')
    pair.start('primary')
    pair.run(30)
    expect(pair.declarePartnerDown('primary', 'RECOVER', true)).toMatchObject({ ok: true })
    pair.start('secondary')
    pair.run(10)
    expect(pair.states()).toBe('PARTNER-DOWN / RECOVER-WAIT')
    expect([...pair.primary.bindings.keys()].toSorted()).toEqual(held)
    expect(pair.primary.endpoint).toMatchObject({ fullResyncOwed: false })
    pair.run(MCLT)
    expect(pair.states()).toBe('NORMAL / NORMAL')
  })

  it('keeps what it granted meanwhile, whatever its partner remembers of it', () => {
    const pair = new FailoverPair()
    pair.startBoth()
    pair.run(10)
    pair.requestAddress('primary', 1)
    pair.run(2)
    const [remembered] = [...pair.secondary.bindings.values()]
    pair.kill('primary')
    pair.kill('secondary')
    pair.loseStorage('primary')
    pair.start('primary')
    pair.run(30)
    pair.declarePartnerDown('primary', 'RECOVER', true)
    // Both reach NORMAL, and what is missing does not come.
    pair.passes = (_from, { type }) => type !== MessageType.Updreqall
    pair.start('secondary')
    pair.run(MCLT + 10)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(pair.primary.endpoint).toMatchObject({ fullResyncOwed: true })
    pair.kill('secondary')
    pair.run(5)
    pair.requestAddress('primary', 1)
    const [granted] = [...pair.primary.bindings.values()]
    expect(granted).toMatchObject({ status: 'ACTIVE', prefix: remembered?.prefix, client: remembered?.client })
    expect(granted?.clientHeardAt).toBeGreaterThan(remembered?.clientHeardAt ?? 0)
    pair.kill('primary')
    pair.passes = () => true
    pair.start('secondary')
    pair.run(20)
    pair.declarePartnerDown('secondary', 'COMMUNICATIONS-INTERRUPTED', true)
    pair.start('primary')
    pair.run(10)
    expect(pair.states()).toBe('RECOVER-WAIT / PARTNER-DOWN')
    expect([...pair.primary.bindings.values()]).toMatchObject([{ clientHeardAt: granted?.clientHeardAt }])
  })
})

describe('a recovered server whose partner fails before they meet again', () => {
  it('may not serve alone: the partner would take up PARTNER-DOWN again when it is started', () => {
    const pair = new FailoverPair()
    pair.startBoth()
    pair.run(10)
    pair.kill('primary')
    pair.declarePartnerDown('secondary', 'COMMUNICATIONS-INTERRUPTED')
    pair.start('primary')
    pair.run(10)
    pair.kill('secondary')
    pair.run(MCLT)
    expect(pair.states()).toBe('RECOVER-DONE / down')
    expect(pair.declarePartnerDown('primary', 'RECOVER-DONE', true)).toMatchObject({
      ok: false,
      refusal: 'state-does-not-allow',
    })
  })
})

describe('down since a time in the past', () => {
  it('lets the waits begin then, and tells the partner so', () => {
    const { pair, cutAt } = interrupted()
    const downSince = addSeconds(cutAt, 100)
    expect(pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED', false, downSince)).toMatchObject({
      ok: true,
    })
    const view = pair.view('primary')
    expect(view).toMatchObject({ state: 'PARTNER-DOWN', stateSince: pair.now, partnerDownSince: downSince })
    // The wait of MCLT from then is over already, so nothing is left to wait for.
    expect(view.deadlines.map(({ kind }) => kind)).not.toContain('partner-pool-usable')
    expect(pair.primary.endpoint).toMatchObject({ partnerStoppedAt: downSince })
    expect(pair.primary.transitions.at(-1)?.inputs).toMatchObject({ downSince })
    pair.sent.length = 0
    pair.start('secondary')
    pair.run(3)
    const state = pair.sent.find(({ from, message }) => from === 'primary' && message.type === MessageType.State)
    const options = state?.message.options ?? []
    // As late as the partner's clock may have it.
    const told = toDhcpTime(addSeconds(downSince, 6))
    expect(findOption(options, startTimeOfStateOption)).toBe(told)
    expect(findOption(options, partnerDownTimeOption)).toBe(told)
  })

  it('is still known after a restart', () => {
    const { pair, cutAt } = interrupted()
    const downSince = addSeconds(cutAt, 100)
    pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED', false, downSince)
    pair.kill('primary')
    pair.run(5)
    pair.start('primary')
    pair.run(10)
    expect(pair.view('primary')).toMatchObject({ state: 'PARTNER-DOWN', partnerDownSince: downSince })
  })

  it('sends a partner that had stopped before that time to RECOVER', () => {
    const { pair, cutAt } = interrupted()
    pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED', false, addSeconds(cutAt, 1))
    pair.start('secondary')
    pair.run(3)
    expect(pair.pathOf('secondary')).toContain('RECOVER')
    expect(pair.pathOf('secondary')).not.toContain('POTENTIAL-CONFLICT')
    pair.run(70)
    expect(pair.states()).toBe('NORMAL / NORMAL')
  })

  it('sends it there too where its clock is ahead of ours', () => {
    const pair = new FailoverPair()
    pair.secondary.clockOffsetMs = 4000
    pair.startBoth()
    pair.run(10)
    pair.requestAddress('primary', 1)
    pair.run(1)
    pair.kill('secondary')
    const stoppedAt = pair.now
    pair.run(120)
    expect(
      pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED', false, addSeconds(stoppedAt, 1)),
    ).toMatchObject({
      ok: true,
    })
    pair.start('secondary')
    pair.run(3)
    expect(pair.pathOf('secondary')).toContain('RECOVER')
    expect(pair.pathOf('secondary')).not.toContain('POTENTIAL-CONFLICT')
  })

  it('sends a partner that ran after that time to POTENTIAL-CONFLICT, since both may have granted', () => {
    const pair = new FailoverPair()
    pair.startBoth()
    pair.run(10)
    const cutAt = pair.now
    pair.isNetworkUp = false
    pair.run(60)
    expect(pair.states()).toBe('COMMUNICATIONS-INTERRUPTED / COMMUNICATIONS-INTERRUPTED')
    pair.requestAddress('secondary', 2)
    pair.kill('secondary')
    pair.run(60)
    pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED', false, addSeconds(cutAt, 5))
    pair.isNetworkUp = true
    pair.start('secondary')
    pair.run(20)
    expect(pair.pathOf('secondary')).toContain('POTENTIAL-CONFLICT')
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(pair.primary.bindings.size).toBe(1)
  })

  it('cannot lie before the last word of the partner, also when this server has been restarted since', () => {
    const { pair, cutAt } = interrupted()
    const early = addSeconds(cutAt, -20)
    expect(pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED', false, early)).toMatchObject({
      ok: false,
      refusal: 'down-since-impossible',
    })
    pair.kill('primary')
    pair.start('primary')
    pair.run(10)
    expect(pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED', true, early)).toMatchObject({
      ok: false,
      refusal: 'down-since-impossible',
    })
  })

  it('cannot lie before the crash of a server that was in contact until it crashed', () => {
    const pair = new FailoverPair()
    pair.startBoth()
    pair.run(100)
    pair.requestAddress('primary', 1)
    const crashedAt = pair.now
    pair.kill('primary')
    pair.kill('secondary')
    pair.run(30)
    pair.start('primary')
    pair.run(10)
    const declare = (seconds: number) =>
      pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED', true, addSeconds(crashedAt, seconds))
    expect(declare(-10)).toMatchObject({ ok: false, refusal: 'down-since-impossible' })
    expect(declare(10)).toMatchObject({ ok: true })
  })
})

describe('two servers that fail in turns', () => {
  /** The primary fails, is declared down, and comes back when the secondary, which served alone, has failed too. */
  function inTurns(): FailoverPair {
    const pair = new FailoverPair()
    pair.startBoth()
    pair.run(10)
    pair.requestAddress('primary', 1)
    pair.run(2)
    pair.kill('primary')
    pair.run(300)
    expect(pair.declarePartnerDown('secondary', 'COMMUNICATIONS-INTERRUPTED')).toMatchObject({ ok: true })
    pair.run(MCLT + 10)
    pair.kill('secondary')
    pair.start('primary')
    pair.run(30)
    expect(pair.states()).toBe('COMMUNICATIONS-INTERRUPTED / down')
    return pair
  }

  it('ask whether the other served alone before the first to fail may', () => {
    const pair = inTurns()
    const refused = pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED')
    expect(refused).toMatchObject({ ok: false, refusal: 'leases-may-be-missing' })
    expect(refused?.detail).toContain('bring the partner back')
    expect(pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED', true)).toMatchObject({ ok: true })
    expect(pair.states()).toBe('PARTNER-DOWN / down')
  })

  it('need no force once they have met again', () => {
    const pair = inTurns()
    pair.start('secondary')
    pair.run(MCLT + 20)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    pair.kill('secondary')
    pair.run(300)
    expect(pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED')).toMatchObject({ ok: true })
  })
})
