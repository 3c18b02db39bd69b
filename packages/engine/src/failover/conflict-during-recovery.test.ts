/** A server that is drawn into a conflict while it recovers begins that one from its beginning (RFC 8156 sections 8.5.2 and 8.10.2). */
import { MessageType } from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { ScriptedPartner } from '../../test-support/scripted-partner.ts'

function inRecovery(role: 'primary' | 'secondary'): ScriptedPartner {
  const partner = new ScriptedPartner(role)
  partner.agree('PARTNER-DOWN')
  expect(partner.view().state).toBe('RECOVER')
  expect(partner.seen.at(-1)).toBe('UPDREQALL')
  return partner
}

describe('a recovering server whose partner resolves a conflict', () => {
  it('asks anew as a primary, and goes on when that is answered', () => {
    const partner = inRecovery('primary')
    const first = partner.lastOfType(MessageType.Updreqall).transactionId
    partner.sendState('POTENTIAL-CONFLICT')
    expect(partner.seen.slice(-2)).toEqual(['STATE', 'UPDREQALL'])
    partner.send(MessageType.Upddone, [], { xid: first })
    expect(partner.view().state).toBe('POTENTIAL-CONFLICT')
    partner.send(MessageType.Upddone, [], { xid: partner.lastOfType(MessageType.Updreqall).transactionId })
    expect(partner.view().state).toBe('CONFLICT-DONE')
  })

  it('waits as a secondary for its turn: what it had asked for does not lead to NORMAL', () => {
    const partner = inRecovery('secondary')
    const first = partner.lastOfType(MessageType.Updreqall).transactionId
    partner.sendState('POTENTIAL-CONFLICT')
    expect(partner.seen.at(-1)).toBe('STATE')
    partner.send(MessageType.Upddone, [], { xid: first })
    expect(partner.view().state).toBe('POTENTIAL-CONFLICT')
    partner.sendState('CONFLICT-DONE')
    partner.send(MessageType.Upddone, [], { xid: partner.lastOfType(MessageType.Updreqall).transactionId })
    expect(partner.view().state).toBe('NORMAL')
  })
})
