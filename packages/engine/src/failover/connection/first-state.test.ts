/** A connection that hangs keeps nobody in PARTNER-DOWN from being heard by a partner that starts (RFC 8156 sections 8.3 and 8.4). */
import { MessageType } from '@tandem/protocol'
import { expect, it } from 'vitest'
import { ScriptedPartner } from '../../../test-support/scripted-partner.ts'
import type { RelationshipConfiguration } from '../../index.ts'
import { HANDSHAKE_SECONDS_MAX } from './partner-connection.ts'

const TIMES = { startupSeconds: 10, reconnectSeconds: 2, keepaliveSeconds: 60 } as const

function primaryAlone(times: Partial<RelationshipConfiguration> = {}) {
  const partner = new ScriptedPartner('primary', { ...TIMES, ...times, initialState: 'partner-down' })
  partner.wait(partner.relationship.startupSeconds)
  expect(partner.endpoint?.state).toBe('PARTNER-DOWN')
  partner.open()
  partner.seen.length = 0
  return partner
}

it('is asked for anew within its start-up time, whatever hung before', () => {
  const partner = primaryAlone()
  partner.wait(6)
  expect(partner.seen).toEqual([])
  partner.wait(1)
  expect(partner.seen).toEqual(['CLOSE'])
  partner.wait(2)
  expect(partner.seen).toEqual(['CLOSE', 'DIAL'])
})

it('nor does one hang that was accepted, before the first STATE', () => {
  const partner = primaryAlone()
  partner.send(MessageType.Connectreply, partner.connectReplyOptions(), { xid: partner.lastMessage().transactionId })
  expect(partner.seen).toEqual(['STATE'])
  partner.wait(7)
  expect(partner.seen.at(-1)).toBe('CLOSE')
})

it('lasts as its keepalive says once the partner has said its STATE', () => {
  const partner = primaryAlone()
  partner.send(MessageType.Connectreply, partner.connectReplyOptions(), { xid: partner.lastMessage().transactionId })
  partner.sendState('RECOVER')
  partner.wait(HANDSHAKE_SECONDS_MAX)
  expect(partner.seen).not.toContain('CLOSE')
})

it('leaves time for a handshake where the start-up time does not', () => {
  const partner = primaryAlone({ startupSeconds: 4, reconnectSeconds: 3 })
  partner.wait(2)
  expect(partner.seen).toEqual([])
  partner.wait(1)
  expect(partner.seen).toEqual(['CLOSE'])
})

it('hurries nobody who is not alone', () => {
  const partner = new ScriptedPartner('primary', TIMES)
  partner.wait(TIMES.startupSeconds)
  expect(partner.endpoint?.state).toBe('RECOVER')
  partner.open()
  partner.seen.length = 0
  partner.wait(HANDSHAKE_SECONDS_MAX - 1)
  expect(partner.seen).toEqual([])
  partner.wait(1)
  expect(partner.seen).toEqual(['CLOSE'])
})
