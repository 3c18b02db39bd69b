/** The time skew of a connection: an average for people, a judgement message by message (RFC 8156 sections 7.1, 7.5.1). */
import { MessageType, toDhcpTime } from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { TEST_START } from '../../../test-support/failover-pair.ts'
import { ScriptedPartner } from '../../../test-support/scripted-partner.ts'
import { addMs } from '../../time/instant.ts'
import { ClockSkewAverage, isExcessiveSkew } from './clock-skew.ts'

/** Messages spread evenly over the second, of a clock that is so far behind. */
function averageOf(behindMs: number, messages: number): number | undefined {
  const average = new ClockSkewAverage()
  for (let index = 0; index < messages; index += 1) {
    const arrivedAt = addMs(TEST_START, index * 1125)
    average.add(toDhcpTime(addMs(arrivedAt, -behindMs)), arrivedAt)
  }
  return average.averageMs
}

describe('the average', () => {
  it('is there from the first message on', () => {
    expect(new ClockSkewAverage().averageMs).toBeUndefined()
    expect(averageOf(0, 1)).toBe(-500)
  })

  it.each([0, 300, 1700, -900, 4800])(
    'of clocks %i ms apart comes out within 100 ms, though the wire has whole seconds',
    (ms) => {
      expect(Math.abs((averageOf(ms, 16) ?? Number.NaN) - ms)).toBeLessThanOrEqual(100)
    },
  )

  it('forgets what is older than sixteen messages', () => {
    const average = new ClockSkewAverage()
    const at = (ms: number) => addMs(TEST_START, ms)
    average.add(toDhcpTime(at(-4000)), at(500))
    for (let index = 1; index <= 15; index += 1) average.add(toDhcpTime(at(0)), at(500))
    expect(average.averageMs).toBe(250)
    average.add(toDhcpTime(at(0)), at(500))
    expect(average.averageMs).toBe(0)
  })
})

describe('one message', () => {
  it('may be off by five seconds exactly, ahead or behind', () => {
    expect([5, -5, 6, -6].map(isExcessiveSkew)).toEqual([false, false, true, true])
  })

  it('of six seconds ends the connection, whatever the average is', () => {
    const partner = new ScriptedPartner('primary', { keepaliveSeconds: 600, upddoneStallSeconds: 6000 })
    partner.agree('RECOVER')
    for (let index = 0; index < 20; index += 1) partner.send(MessageType.Contact)
    expect(partner.view().communicationsOk).toBe(true)
    partner.send(MessageType.Contact, [], { skewSeconds: 6 })
    expect(partner.seen.slice(-2)).toEqual(['DISCONNECT', 'CLOSE'])
  })
})

describe('a connection whose clocks drift apart', () => {
  const warnings = (partner: ScriptedPartner) => partner.notices.filter(({ kind }) => kind === 'clock-skew-seen')

  it('is warned of at two seconds, and again every ten minutes while it lasts', () => {
    const partner = new ScriptedPartner('primary', { keepaliveSeconds: 600, upddoneStallSeconds: 6000 })
    partner.agree('RECOVER')
    for (let second = 0; second < 30; second += 1) {
      partner.wait(1)
      partner.send(MessageType.Contact, [], { skewSeconds: 2 })
    }
    expect(warnings(partner)).toEqual([])
    for (let second = 0; second < 30; second += 1) {
      partner.wait(1)
      partner.send(MessageType.Contact, [], { skewSeconds: 4 })
    }
    expect(warnings(partner)).toEqual([
      { kind: 'clock-skew-seen', relationship: 'pair', skewMs: expect.any(Number) as number, excessive: false },
    ])
    expect(partner.view().clockSkewMs).toBe(3500)
    partner.wait(590)
    partner.send(MessageType.Contact, [], { skewSeconds: 4 })
    expect(warnings(partner)).toHaveLength(2)
  })

  it('is measured anew after each connection', () => {
    const partner = new ScriptedPartner('primary', { keepaliveSeconds: 600, upddoneStallSeconds: 6000 })
    partner.agree('RECOVER')
    for (let index = 0; index < 16; index += 1) partner.send(MessageType.Contact, [], { skewSeconds: 4 })
    partner.handle({ kind: 'stream-closed', connection: partner.connection, reason: 'reset' })
    expect(partner.view().clockSkewMs).toBe(3500)
    partner.wait(2)
    partner.agree('RECOVER')
    expect(partner.view().clockSkewMs).toBe(-500)
  })
})
