/** Who only has the partner's address can do nothing to the connection that stands (RFC 8156 section 6.1, decision 0083). */
import { MessageType } from '@tandem/protocol'
import { expect, it } from 'vitest'
import { ScriptedPartner } from '../../../test-support/scripted-partner.ts'

/** Answers the number of the connection. */
function agreeOverTls(partner: ScriptedPartner): number {
  partner.open()
  partner.sendPlain(MessageType.StartTls, 5)
  partner.handle({ kind: 'stream-secured', connection: partner.connection, peerCertificate: 'primary' })
  partner.send(MessageType.Connect, partner.connectOptions())
  partner.sendState('RECOVER')
  return partner.connection
}

it("keeps the living connection whatever a stranger at the partner's address does before TLS", () => {
  const partner = new ScriptedPartner('secondary', {
    transport: 'tls',
    keepaliveSeconds: 60,
    upddoneStallSeconds: 600,
  })
  const living = agreeOverTls(partner)
  const attempts: readonly (() => void)[] = [
    () => undefined,
    () => partner.sendBytes(Uint8Array.of(1, 2, 3)),
    () => partner.send(MessageType.Connect, partner.connectOptions()),
    () => partner.send(MessageType.Disconnect),
    () => partner.sendState('RECOVER'),
    () => partner.sendPlain(MessageType.StartTls, 9),
    () => {
      partner.sendPlain(MessageType.StartTls, 9)
      partner.handle({ kind: 'stream-closed', connection: partner.connection, reason: 'no certificate' })
    },
  ]
  for (const attempt of [...attempts, ...attempts]) {
    partner.open()
    attempt()
    expect(partner.view().connection).toMatchObject({ phase: 'established', secured: true })
  }
  partner.wait(30)
  partner.connection = living
  partner.seen.length = 0
  partner.sendState('RECOVER-DONE')
  expect(partner.view()).toMatchObject({ communicationsOk: true, partner: { state: 'RECOVER-DONE' } })
})
